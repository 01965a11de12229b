using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.Tests;

/// <summary>What hangs, fails or grows without end shows in the log and in the numbers, and changes nothing
/// else.</summary>
public sealed class GuardTests
{
    private const string Errors = "instrumentator_metric_function_errors_total";

    [Fact]
    public async Task A_function_that_hangs_holds_a_few_requests_and_all_others_are_answered_and_recorded()
    {
        using var gate = new ManualResetEventSlim();
        var waiting = 0;
        await using var app = await StartAsync(it => it.Add(Metrics.From(_ =>
        {
            Interlocked.Increment(ref waiting);
            gate.Wait();
        })).Add(Metrics.Default(new() { Registry = it.Registry })));

        var hung = app.SendAsync("GET", "/answer");
        await Eventually.Holds(() => Volatile.Read(ref waiting) == 1, () => $"{waiting} requests hang.");

        // Until the run is late, though other tests keep the process busy.
        await Task.Delay(TimeSpan.FromSeconds(2.1), TestContext.Current.CancellationToken);
        for (var i = 0; i < 100; i++)
            Assert.True((await app.SendAsync("GET", "/answer")).IsSuccessStatusCode);

        Assert.Equal(["GET /answer 2xx 100"], app.Requests());
        Assert.Equal([" 100"], app.Series(Errors, _ => ""));
        Assert.Contains(
            " was skipped for a request because a run of it, or of its condition, has not ended after 250 ms, ",
            Assert.Single(app.Log.Of("Instrumentator Error 1")),
            StringComparison.Ordinal);

        gate.Set();
        await hung;
        await app.SendAsync("GET", "/answer");
        Assert.Equal(["GET /answer 2xx 102"], app.Requests());
        Assert.Equal([" 100"], app.Series(Errors, _ => ""));
    }

    [Fact]
    public async Task A_function_that_fails_again_and_again_is_logged_once_a_minute()
    {
        var clock = new FakeTimeProvider();
        await using var app = await StartAsync(
            it => it.Add(Metrics.From(_ => throw new InvalidOperationException("no"))),
            clock);
        foreach (var seconds in new[] { 0, 30, 20, 11 })
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            await app.SendAsync("GET", "/answer");
        }

        var lines = app.Log.Of("Instrumentator Error 1");
        Assert.Equal(2, lines.Length);
        Assert.Contains(" 0 earlier failures of this function were not logged", lines[0], StringComparison.Ordinal);
        Assert.Contains(" 2 earlier failures of this function were not logged", lines[1], StringComparison.Ordinal);
        Assert.Equal([" 4"], app.Series(Errors, _ => ""));
    }

    [Fact]
    public async Task An_asynchronous_function_that_hangs_is_left_to_itself()
    {
        var (clock, release, started, ran) = (new FakeTimeProvider(), new TaskCompletionSource(), 0, 0);
        await using var app = await StartAsync(
            it => it.AddAsync(async _ =>
            {
                Interlocked.Increment(ref started);
                await release.Task;
            }).AddAsync(_ =>
            {
                Interlocked.Increment(ref ran);
                return default;
            }),
            clock);

        Assert.True((await app.SendAsync("GET", "/answer")).IsSuccessStatusCode);
        await Eventually.Holds(() => Volatile.Read(ref started) == 1, () => $"{started}");
        await Eventually.Holds(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(5));
                return Volatile.Read(ref ran) == 1;
            },
            () => $"{ran}");

        Assert.Equal([" 1"], app.Series(Errors, _ => ""));
        Assert.Contains(
            " did not end within Config.AsyncTimeout, 5 s, and is no longer awaited.",
            Assert.Single(app.Log.Of("Instrumentator Error 1")),
            StringComparison.Ordinal);
        release.SetResult();
    }

    [Fact]
    public async Task A_metric_that_is_full_is_logged_once_with_its_limit()
    {
        var other = new Registry(seriesLimit: 1);
        await using var app = await StartAsync(
            it => it.WithRegistry(it.Registry.LimitSeries("mine_total", 3)),
            shown: other);
        var mine = app.Registry.Counter("mine", "Help.", "x");
        foreach (var value in Enumerable.Range(0, 10))
            mine.With($"{value}").Increment();
        other.Gauge("theirs", "Help.", "x").With("1").Set(1);
        other.Gauge("theirs", "Help.", "x").With("2").Set(1);

        var lines = app.Log.Of("Instrumentator Warning 4");
        Assert.Equal(2, lines.Length);
        Assert.StartsWith(
            "Instrumentator Warning 4 The metric mine_total has reached its limit of 3 series. ",
            lines[0],
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Instrumentator Warning 4 The metric theirs has reached its limit of 1 series. ",
            lines[1],
            StringComparison.Ordinal);
        Assert.Equal(["{metric=\"mine_total\"} 7"], app.Series("instrumentator_series_dropped_total"));
    }

    [Fact]
    public async Task Each_app_logs_metrics_that_were_full_before_it_started()
    {
        var registry = new Registry(seriesLimit: 1);
        registry.Counter("mine", "Help.", "x").With("1").Increment();
        registry.Counter("mine", "Help.", "x").With("2").Increment();
        await using var first = await StartAsync(it => it.WithRegistry(registry));
        await using var second = await StartAsync(it => it.WithRegistry(registry));

        Assert.All(
            [first, second],
            app =>
                Assert.StartsWith(
                    "Instrumentator Warning 4 The metric mine_total has reached its limit of 1 series. ",
                    Assert.Single(app.Log.Of("Instrumentator")),
                    StringComparison.Ordinal));
    }

    private static Task<TestApp> StartAsync(
        Func<Instrumentation, Instrumentation> change,
        TimeProvider? clock = null,
        Registry? shown = null
    ) =>
        TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator(options: new() { Registry = shown });
                app.MapGet("/answer", () => "answer");
            },
            change,
            builder =>
            {
                if (clock is not null)
                    builder.Services.AddSingleton(clock);
            });
}
