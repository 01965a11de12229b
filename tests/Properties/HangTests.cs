using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.Properties;

/// <summary>A function that hangs, or that always fails, uses a limited number of threads and log lines and affects
/// nothing else.</summary>
public sealed class HangTests : IDisposable
{
    private readonly Registry _registry = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrentQueue<FunctionFailure> _logged = [];
    private readonly ManualResetEventSlim _gate = new();
    private int _waiting;

    public static TheoryData<string> Hanging =>
        [
            "function",
            "function first",
            "raw function",
            "condition",
            "condition before many",
            "exemplars",
            "async function",
        ];

    [Theory]
    [MemberData(nameof(Hanging))]
    public void When_a_run_hangs_all_later_requests_leave_it_out_are_counted_and_record_the_rest(string what)
    {
        var recorder = Start(HangIn(what));
        var route = recorder.Templated("/");
        var hung = Hang(() => Run(recorder, route, what));

        for (var i = 0; i < 100; i++)
            Run(recorder, route, what);

        var leftOut = what == "condition before many" ? 200 : 100;
        Assert.Equal(leftOut, Failures());
        Assert.Equal(100 + (what == "function first" ? 0 : 1), Requests());
        Assert.Equal(leftOut / 100, _logged.Count);
        Assert.All(_logged, line => Assert.Contains("it hangs or is too slow", line.What, StringComparison.Ordinal));
        Assert.All(_logged, line => Assert.Matches("Functions that hang hold [1-9][0-9]* threads", line.What));

        _gate.Set();
        Assert.True(hung.Join(TimeSpan.FromSeconds(30)));
        Run(recorder, route, what);
        Assert.Equal(leftOut, Failures());
        Assert.Equal(102, Requests());
    }

    [Fact]
    public void A_function_that_is_called_directly_while_a_call_hangs_throws()
    {
        var function = Metrics.From(Wait);
        var hung = Hang(() => function(default));

        Assert.Contains(
            "HangTests.Wait was skipped because ",
            Assert.Throws<InvalidOperationException>(() => function(default)).Message,
            StringComparison.Ordinal);

        _gate.Set();
        Assert.True(hung.Join(TimeSpan.FromSeconds(30)));
        function(default);
    }

    [Fact]
    public void A_function_that_throws_releases_its_place()
    {
        var recorder = Start(it =>
            it.Add(Metrics.From(_ => throw new InvalidOperationException("no")))
                .Add(Metrics.None.Then(_ => Unit.Value).When(_ => throw new InvalidOperationException("no"))));
        for (var i = 0; i < 10 * Bulkhead.MaxRuns; i++)
            recorder.Record(recorder.Templated("/"), default);
        Assert.Equal(2, _logged.Count);
        _clock.Advance(TimeSpan.FromSeconds(61));
        recorder.Record(recorder.Templated("/"), default);
        Assert.All(_logged, line => Assert.Equal("no", line.Exception?.Message));
    }

    [Fact]
    public void Each_function_is_logged_once_a_minute_and_says_how_many_lines_were_left_out()
    {
        var recorder = Start(it =>
            it.Add(Metrics.From(_ => throw new InvalidOperationException("first")))
                .Add(Metrics.From(_ => throw new InvalidOperationException("second"))));
        foreach (var seconds in new[] { 0, 1, 58, 0.9, 0.1, 59.9, 600 })
        {
            _clock.Advance(TimeSpan.FromSeconds(seconds));
            recorder.Record(recorder.Templated("/"), default);
        }
        Assert.Equal(
            [("first", 0L), ("second", 0), ("first", 3), ("second", 3), ("first", 1), ("second", 1)],
            _logged.Select(line => (line.Exception!.Message, line.NotLogged)));
        Assert.Equal(14, Failures());
    }

    [Fact]
    public async Task An_asynchronous_function_is_left_to_itself_after_its_time_and_the_next_one_runs()
    {
        var (release, ran) = (new TaskCompletionSource(), 0);
        var recorder = Start(it => it.AddAsync(_ => new ValueTask(release.Task)).AddAsync(_ =>
        {
            ran++;
            return default;
        }).With(config => config with { AsyncTimeout = TimeSpan.FromSeconds(3) }));

        var recording = recorder.RecordAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(recording.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await recording.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal((1, 1.0), (ran, Failures()));
        Assert.StartsWith(
            "did not end within Config.AsyncTimeout, 3 s, and is no longer awaited.",
            Assert.Single(_logged).What,
            StringComparison.Ordinal);
        release.SetResult();
    }

    [Fact]
    public async Task An_exception_after_the_timeout_is_observed_and_counted_once()
    {
        var unobserved = 0;
        void Count(object? sender, UnobservedTaskExceptionEventArgs e) =>
            unobserved += e.Exception.Flatten().InnerExceptions.Any(inner => inner.Message == "late") ? 1 : 0;
        TaskScheduler.UnobservedTaskException += Count;
        try
        {
            await FailLateAsync();
            for (var i = 0; i < 5; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Count;
        }
        Assert.Equal((0, 1.0), (unobserved, Failures()));
    }

    [Fact]
    public async Task Every_kind_of_asynchronous_failure_is_counted_and_logged()
    {
        var recorder = Start(it => it
            .AddAsync(_ => throw new InvalidOperationException("at once"))
            .AddAsync(_ => ValueTask.FromException(new InvalidOperationException("faulted")))
            .AddAsync(_ => ValueTask.FromCanceled(new CancellationToken(canceled: true)))
            .AddAsync(_ => throw new TimeoutException("its own")));
        await recorder.RecordAsync(default);
        Assert.Equal(4, Failures());
        Assert.Equal(
            ["InvalidOperationException", "InvalidOperationException", "TaskCanceledException", "TimeoutException"],
            _logged.Select(line => line.Exception!.GetType().Name));
        Assert.All(_logged, line => Assert.Equal("threw.", line.What));
    }

    [Fact]
    public async Task A_thousand_runs_of_an_asynchronous_function_may_be_unfinished_and_one_more_is_left_out()
    {
        var (release, started) = (new TaskCompletionSource(), 0);
        var recorder = Start(it => it.AddAsync(async _ =>
        {
            started++;
            await release.Task;
        }));
        var recordings = Enumerable
            .Range(0, UnfinishedRuns.Max)
            .Select(_ => recorder.RecordAsync(default))
            .ToArray();
        Assert.Equal(0, Failures());

        Assert.True(recorder.RecordAsync(default).IsCompletedSuccessfully);
        Assert.Equal((UnfinishedRuns.Max, 1.0), (started, Failures()));
        Assert.StartsWith(
            "was skipped for a request, or is no longer awaited, because 16 runs of it have not ended after 1 s",
            Assert.Single(_logged).What,
            StringComparison.Ordinal);

        release.SetResult();
        await Task.WhenAll(recordings)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await recorder.RecordAsync(default);
        Assert.Equal((UnfinishedRuns.Max + 1, 1.0), (started, Failures()));
    }

    [Fact]
    public void While_sixteen_asynchronous_runs_last_a_second_nothing_waits_for_the_function_any_more()
    {
        var (release, started) = (new TaskCompletionSource(), 0);
        var recorder = Start(it => it.AddAsync(async _ =>
        {
            started++;
            await release.Task;
        }));
        var first = Enumerable.Range(0, 15).Select(_ => recorder.RecordAsync(default)).ToList();
        _clock.Advance(TimeSpan.FromSeconds(1));
        first.Add(recorder.RecordAsync(default));
        Assert.Equal((16, 0.0), (started, Failures()));

        _clock.Advance(TimeSpan.FromSeconds(0.9));
        first.Add(recorder.RecordAsync(default));
        Assert.All(first, recording => Assert.False(recording.IsCompleted));

        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(recorder.RecordAsync(default).IsCompletedSuccessfully);
        Assert.Equal((17, 1.0), (started, Failures()));
        AssertSoon(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(0.5));
            return first.TrueForAll(recording => recording.IsCompletedSuccessfully);
        });
        Assert.Equal(18, Failures());

        release.SetResult();
        AssertSoon(() => recorder.RecordAsync(default).IsCompletedSuccessfully && started > 17);
    }

    [Fact]
    public async Task Thousands_of_asynchronous_runs_that_last_less_than_a_second_are_all_awaited()
    {
        var (running, started, recordings) = (new Queue<TaskCompletionSource>(), 0, new List<Task>());
        var recorder = Start(it => it.AddAsync(_ =>
        {
            started++;
            running.Enqueue(new TaskCompletionSource());
            return new ValueTask(running.Last().Task);
        }));

        // 500 a second, and each lasts 0.9 seconds.
        for (var i = 0; i < 2_000; i++)
        {
            if (running.Count == 450)
                running.Dequeue().SetResult();
            recordings.Add(recorder.RecordAsync(default));
            _clock.Advance(TimeSpan.FromSeconds(0.002));
        }
        foreach (var run in running)
            run.SetResult();
        await Task.WhenAll(recordings).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal((2_000, 0.0), (started, Failures()));
    }

    [Fact]
    public void The_name_of_the_failure_counter_is_reserved_at_start_up()
    {
        _registry.Gauge("instrumentator_metric_function_errors", "Mine.");
        var refusal = Assert.Throws<InvalidOperationException>(() => Start(it => it));
        Assert.Contains(
            "Registered: Gauge instrumentator_metric_function_errors \"Mine.\"",
            refusal.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Requested: Counter instrumentator_metric_function_errors_total",
            refusal.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    [InlineData(TimeSpan.TicksPerDay, true)]
    [InlineData(TimeSpan.TicksPerDay + 1, false)]
    public void AsyncTimeout_is_above_0_and_at_most_one_day(long ticks, bool isValid) =>
        Assert.Equal(isValid, new Config { AsyncTimeout = TimeSpan.FromTicks(ticks) }.Validate().Count == 0);

    public void Dispose() => _gate.Dispose();

    private Func<Instrumentation, Instrumentation> HangIn(string what) =>
        what switch
        {
            "function" => it => it.Add(Metrics.Default(new() { Registry = _registry })).Add(Metrics.From(Wait)),
            "function first" => it => it.Add(Metrics.From(Wait)).Add(Metrics.Default(new() { Registry = _registry })),
            "raw function" => it => it.Add(Metrics.Default(new() { Registry = _registry })).Add(WaitRaw),
            "condition" => it =>
                it.Add(Metrics.Default(new() { Registry = _registry })).Add(Metrics.From(_ => { }).When(Holds)),
            "condition before many" => it =>
                it.Add(Metrics.Default(new() { Registry = _registry }))
                    .Add(Metrics.From(_ => { }).Then(Metrics.From(_ => { })).When(Holds)),
            "exemplars" => it =>
                it.Add(Metrics.Default(new() { Registry = _registry }))
                    .With(config =>
                        config with
                        {
                            Exemplars = new() { Labels = Label, Interval = TimeSpan.Zero },
                        }),
            _ => it => it.Add(Metrics.Default(new() { Registry = _registry })).AddAsync(WaitAsync),
        };

    private void Run(Recorder recorder, Route route, string what)
    {
        recorder.Record(route, new RequestFacts { Method = "GET", StatusCode = 200 });
        if (what == "async function")
            _ = recorder.RecordAsync(default);
    }

    private Recorder Start(Func<Instrumentation, Instrumentation> change) =>
        new(change(Instrumentation.Default.WithRegistry(_registry)), (_, failure) => _logged.Enqueue(failure), _clock);

    // On a thread of its own, and until it is late, though other tests keep the process busy.
    private Thread Hang(Action run)
    {
        var thread = new Thread(() => run());
        thread.Start();
        AssertSoon(() => _waiting == 1);
        Thread.Sleep(Bulkhead.BusyLateMs + 50);
        return thread;
    }

    // A separate method, so that no local of the test keeps the task alive.
    private async Task FailLateAsync()
    {
        var release = new TaskCompletionSource();
        var recorder = Start(it => it.AddAsync(async _ => await release.Task));
        var recording = recorder.RecordAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await recording.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        release.SetException(new InvalidOperationException("late"));
    }

    private void Wait(Info info)
    {
        Interlocked.Increment(ref _waiting);
        _gate.Wait();
    }

    private Unit WaitRaw(Info info)
    {
        Wait(info);
        return Unit.Value;
    }

    private bool Holds(Info info)
    {
        Wait(info);
        return true;
    }

    private ValueList<Label> Label(Info info)
    {
        Wait(info);
        return [("a", "1")];
    }

    private ValueTask WaitAsync(Info info)
    {
        Wait(info);
        return default;
    }

    private double Failures() =>
        _registry
            .Scrape()
            .Families.Where(family => family.Definition.Name == FunctionFailures.CounterName)
            .SelectMany(family => family.Samples)
            .Sum(sample => ((SampleValue.Counter)sample.Value).Value);

    private double Requests() =>
        ((SampleValue.Counter)_registry.Scrape().Find("http_requests_total", "/", "GET", "2xx")!).Value;

    private static void AssertSoon(Func<bool> holds) =>
        Assert.True(SpinWait.SpinUntil(holds, TimeSpan.FromSeconds(30)));
}
