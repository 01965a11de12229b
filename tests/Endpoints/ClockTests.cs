using Instrumentator.Shared;

namespace Instrumentator.Tests;

/// <summary>The clock of an app may throw, jump or measure nothing: no request, no scrape and no count
/// suffers.</summary>
public sealed class ClockTests
{
    private const int Requests = 20;

    private static readonly Dictionary<string, Func<RoughClock>> _clocks = new()
    {
        ["timestamps throw"] = () => new() { Timestamp = _ => throw new InvalidOperationException("no time") },
        ["each third one throws"] = () => new()
        {
            Timestamp = reading => reading % 3 == 0 ? throw new InvalidOperationException("no time") : reading,
        },
        ["it stops after a while"] = () => new()
        {
            Timestamp = reading => reading > 50 ? throw new InvalidOperationException("no time") : reading,
        },
        ["it runs backwards"] = () => new() { Timestamp = reading => -reading },
        ["it jumps to both ends"] = () => new()
        {
            Timestamp = reading => reading % 2 == 0 ? long.MaxValue : long.MinValue,
        },
        ["no frequency"] = () => new() { Frequency = () => 0 },
        ["a negative frequency"] = () => new() { Frequency = () => -1 },
        ["the frequency throws"] = () => new() { Frequency = () => throw new InvalidOperationException("no time") },
        ["the time of day throws"] = () => new() { UtcNow = () => throw new InvalidOperationException("no time") },
        ["the first day"] = () => new() { UtcNow = () => DateTimeOffset.MinValue },
        ["timers throw"] = () => new() { Timer = () => throw new InvalidOperationException("no timers") },
    };

    public static TheoryData<string> Clocks => [.. _clocks.Keys];

    [Theory, MemberData(nameof(Clocks))]
    public async Task A_clock_that_fails_harms_no_request_and_no_scrape(string name)
    {
        await using var app = await StartAsync(_clocks[name]());

        for (var i = 0; i < Requests; i++)
            Assert.Equal("ok", await app.Client.GetStringAsync("/x", TestContext.Current.CancellationToken));
        var scrape = await app.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Equal([$"GET /x 2xx {Requests}"], app.Requests());
        Assert.Contains($"http_request_duration_seconds_count{{handler=\"/x\",method=\"GET\"}} {Requests}\n", scrape,
            StringComparison.Ordinal);
        Assert.Equal([" 0"], app.Series("http_requests_inprogress", _ => ""));
        Assert.True(app.Log.Of("Instrumentator Error 10").Length <= 1);
    }

    [Theory]
    [InlineData("timestamps throw", true)]
    [InlineData("no frequency", true)]
    [InlineData("the frequency throws", true)]
    [InlineData("the time of day throws", true)]
    [InlineData("timers throw", true)]
    [InlineData("it runs backwards", false)]
    public async Task A_clock_that_fails_is_logged_once(string name, bool isLogged)
    {
        await using var app = await StartAsync(_clocks[name]());

        for (var i = 0; i < 3; i++)
            await app.SendAsync("GET", "/x");

        Assert.Equal(isLogged ? 1 : 0, app.Log.Of("Instrumentator Error 10").Length);
    }

    [Fact]
    public async Task A_timestamp_that_cannot_be_read_makes_a_duration_shorter_and_never_absurd()
    {
        // The clock is read when a request starts and when it ends: here the ends fail.
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapGet("/x", () => "ok");
            },
            services: builder => builder.Services.AddSingleton<TimeProvider>(new RoughClock
            {
                Timestamp = reading => reading % 2 == 0 ? throw new InvalidOperationException("no time") : reading,
            }));

        for (var i = 0; i < Requests; i++)
            await app.SendAsync("GET", "/x");

        Assert.Contains(
            "http_request_duration_seconds_sum{handler=\"/x\",method=\"GET\"} 0\n",
            app.Registry.ToText(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_frequency_the_system_clock_measures()
    {
        await using var app = await StartAsync(new() { Frequency = () => 0 });

        await app.SendAsync("GET", "/slow");

        var scrape = await app.Registry.ScrapeAsync(TestContext.Current.CancellationToken);
        var sum = scrape.Families
            .Single(family => family.Definition.Name == "http_request_duration_seconds").Samples
            .Sum(sample => ((SampleValue.Histogram)sample.Value).Sum);
        Assert.InRange(sum, 0.02, 60);
    }

    [Fact]
    public async Task A_log_that_throws_harms_no_request_and_no_scrape()
    {
        await using var app = await StartAsync(
            new() { Timestamp = _ => throw new InvalidOperationException("no time") },
            log => log.AddProvider(new ThrowingLog()));
        app.Registry.Include(new Throwing());

        Assert.Equal("ok", await app.Client.GetStringAsync("/x", TestContext.Current.CancellationToken));
        using var scrape = await app.SendAsync("GET", "/metrics");

        Assert.Equal(StatusCodes.Status500InternalServerError, (int)scrape.StatusCode);
        Assert.Equal(
            "The metrics could not be rendered.\n",
            await scrape.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    // Everything that reads a clock.
    private static Task<TestApp> StartAsync(RoughClock clock, Action<ILoggingBuilder>? log = null) =>
        TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator();
                app.MapGet("/x", () => "ok");
                app.MapGet("/slow", async () =>
                {
                    await Task.Delay(25);
                    return "slow";
                });
            },
            it => it.With(config => config with
            {
                Exemplars = new() { Labels = _ => [new Label("a", "b")] },
                InProgress = new(),
                ExcludeStreamingDuration = true,
            })
                .Add(Metrics.Default(new() { Registry = it.Registry }))
                .Add(Metrics.From(_ => throw new InvalidOperationException("no")))
                .AddAsync(async _ => await Task.Delay(5)),
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(clock);
                log?.Invoke(builder.Logging);
            });

    /// <summary>A clock that counts its readings, unless it is told to do something else.</summary>
    private sealed class RoughClock : TimeProvider
    {
        private long _readings;

        public Func<long, long> Timestamp { get; init; } = reading => reading;

        public Func<long> Frequency { get; init; } = () => 1_000;

        public Func<DateTimeOffset> UtcNow { get; init; } = () => DateTimeOffset.UnixEpoch;

        public Func<ITimer>? Timer { get; init; }

        public override long TimestampFrequency => Frequency();

        public override long GetTimestamp() => Timestamp(Interlocked.Increment(ref _readings));

        public override DateTimeOffset GetUtcNow() => UtcNow();

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Timer?.Invoke() ?? base.CreateTimer(callback, state, dueTime, period);
    }

    private sealed class ThrowingLog() : TestLog(only: "Instrumentator")
    {
        protected override void Add(string category, LogLevel level, EventId id, string text, Exception? exception) =>
            throw new InvalidOperationException("no log");
    }

    private sealed class Throwing : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("no metrics");
    }
}
