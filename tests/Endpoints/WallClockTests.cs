namespace Instrumentator.Tests;

/// <summary>Setting the time of day during a request or a scrape does not affect measurements.</summary>
public sealed class WallClockTests
{
    [Theory]
    [InlineData(-3_600)]
    [InlineData(3_600)]
    [InlineData(-40_000_000)]
    public async Task Neither_durations_nor_time_limits_follow_the_time_of_day(double seconds)
    {
        var clock = new SetClock();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator();
                app.MapGet("/x", () => clock.Set(seconds));
            },
            it => it.AddAsync(async _ =>
            {
                clock.Set(seconds);
                await Task.Yield();
            }),
            builder => builder.Services.AddSingleton<TimeProvider>(clock));
        app.Registry.Include(new Setting(() => clock.Set(seconds)));

        await app.SendAsync("GET", "/x");
        var scrape = await app.SendAsync("GET", "/metrics");

        Assert.True(scrape.IsSuccessStatusCode);
        Assert.Contains(
            "http_request_duration_seconds_sum{handler=\"/x\",method=\"GET\"} 2\n",
            await scrape.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    /// <summary>A clock on which two seconds elapse each time the time of day is set.</summary>
    private sealed class SetClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private long _seconds;

        public override long TimestampFrequency => 1;

        public void Set(double later) => (_now, _seconds) = (_now.AddSeconds(later), _seconds + 2);

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _seconds;
    }

    private sealed class Setting(Action read) : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default)
        {
            read();
            return ValueTask.FromResult<ValueList<FamilySnapshot>>([]);
        }
    }
}
