namespace Instrumentator.Tests;

/// <summary>Metrics of the app itself, callbacks and collectors.</summary>
public sealed class OwnMetricsTests
{
    [Fact]
    public async Task Counters_have_their_increase_and_gauges_their_value()
    {
        await using var app = await LiveApp.StartAsync();
        var orders = app.Registry.Counter("orders_total", "Orders.", "country");
        var queue = app.Registry.Gauge("queue_length", "Waiting.");
        orders.With("DE").Increment(3);
        queue.Set(7);
        await app.PassAsync(1);
        orders.With("DE").Increment(2);
        orders.With("AT").Increment();
        queue.Set(-1.5);
        await app.PassAsync(1);
        await app.PassAsync(1);
        var viewer = await Viewer.OpenAsync(app);
        Assert.Equal(
            [
                new() { ["orders_total(DE)"] = 3, ["queue_length()"] = 7 },
                new() { ["orders_total(DE)"] = 2, ["orders_total(AT)"] = 1, ["queue_length()"] = -1.5 },
                new() { ["queue_length()"] = -1.5 },
            ],
            viewer.Slots["1m"].Select(viewer.OwnOf));
    }

    [Fact]
    public async Task Histograms_have_count_sum_and_buckets()
    {
        await using var app = await LiveApp.StartAsync();
        var sizes = app.Registry.Histogram("order_size", "Items.", [1, 10], "kind");
        foreach (var size in new[] { 1.0, 2, 3, 100 })
            sizes.With("a").Observe(size);
        await app.PassAsync(1);
        var slot = (await Viewer.OpenAsync(app)).Slots["1m"].Single();
        Assert.Equal("[[0,4,106,[0,1,1,2,2,1]]]", slot.GetProperty("own").GetRawText());
    }

    [Fact]
    public async Task What_JSON_cannot_express_is_text()
    {
        await using var app = await LiveApp.StartAsync();
        app.Registry.Gauge("a", "A gauge.").Set(double.NaN);
        app.Registry.Gauge("b", "A gauge.").Set(double.PositiveInfinity);
        app.Registry.Gauge("c", "A gauge.").Set(double.NegativeInfinity);
        await app.PassAsync(1);
        var slot = (await Viewer.OpenAsync(app)).Slots["1m"].Single();
        Assert.Equal("""[[0,"NaN"],[1,"Infinity"],[2,"-Infinity"]]""", slot.GetProperty("own").GetRawText());
    }

    [Fact]
    public async Task A_series_that_is_removed_ends_and_begins_at_0_when_it_comes_back()
    {
        await using var app = await LiveApp.StartAsync();
        var orders = app.Registry.Counter("orders_total", "Orders.", "country");
        var queue = app.Registry.Gauge("queue_length", "Waiting.", "name");
        orders.With("DE").Increment(3);
        queue.With("a").Set(3);
        await app.PassAsync(1);
        orders.Remove("DE");
        queue.Remove("a");
        await app.PassAsync(1);
        orders.With("DE").Increment(2);
        await app.PassAsync(1);
        var viewer = await Viewer.OpenAsync(app);
        Assert.Equal(
            [
                new() { ["orders_total(DE)"] = 3, ["queue_length(a)"] = 3 },
                [],
                new() { ["orders_total(DE)"] = 2 },
            ],
            viewer.Slots["1m"].Select(viewer.OwnOf));
    }

    [Fact]
    public async Task Series_above_the_limit_are_counted_and_not_kept()
    {
        await using var app = await LiveApp.StartAsync(options: new() { MaxOwnSeries = 2 });
        var orders = app.Registry.Counter("orders_total", "Orders.", "country");
        foreach (var country in new[] { "DE", "AT", "CH", "FR", "IT" })
            orders.With(country).Increment();
        await app.PassAsync(2);
        var viewer = await Viewer.OpenAsync(app);
        Assert.Equal(["orders_total(DE)", "orders_total(AT)"], viewer.OwnOf(viewer.Slots["1m"][0]).Keys);
        Assert.Equal(3, viewer.Last.GetProperty("missing").GetProperty("own").GetInt32());
    }

    [Fact]
    public async Task Callbacks_run_every_five_seconds_while_somebody_looks()
    {
        var calls = 0;
        await using var app = await LiveApp.StartAsync();
        app.Registry.Gauge("queue_length", "Waiting.", () => Interlocked.Increment(ref calls));
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, calls);
        var start = app.Clock.GetUtcNow();
        var viewer = await app.PassUntilAsync(one => one.Slots["1m"] is [.., var last]
            && one.OwnOf(last).GetValueOrDefault("queue_length()") >= 3);
        Assert.True(app.Clock.GetUtcNow() - start >= TimeSpan.FromSeconds(11), "They ran more often.");
        Assert.InRange(calls, 3, 4);
    }

    [Fact]
    public async Task A_counter_by_callback_does_not_begin_with_all_that_it_counted_before()
    {
        var total = 1_000.0;
        await using var app = await LiveApp.StartAsync();
        app.Registry.Counter("jobs_total", "Jobs.", () => total);
        await app.PassUntilAsync(one => one.Names.Any(name => name.Contains("jobs_total", StringComparison.Ordinal)));
        total += 5;
        var viewer = await app.PassUntilAsync(one => one.Slots["1m"].Exists(slot => one.OwnOf(slot).Count > 0));
        Assert.Equal(5, viewer.Slots["1m"].Select(viewer.OwnOf).Sum(own => own.GetValueOrDefault("jobs_total()")));
    }

    [Fact]
    public async Task A_callback_that_throws_harms_nothing_else()
    {
        await using var app = await LiveApp.StartAsync();
        app.Registry.Gauge("broken", "Broken.", () => throw new InvalidOperationException("no value"));
        app.Registry.Gauge("queue_length", "Waiting.", () => 3);
        using var response = await app.GetAsync("/h1/1");
        var viewer = await app.PassUntilAsync(one => one.OwnOf(one.Slots["1m"][^1]).Count > 0);
        Assert.Equal(1, viewer.Sum("1m", "requests"));
        Assert.Equal(new() { ["queue_length()"] = 3 }, viewer.OwnOf(viewer.Slots["1m"][^1]));
    }

    [Fact]
    public async Task The_process_is_shown_where_it_is_included()
    {
        await using var without = await LiveApp.StartAsync();
        await without.PassAsync(1);
        var slot = (await Viewer.OpenAsync(without)).Slots["1m"].Single();
        Assert.False(slot.TryGetProperty("cpu", out _));

        await using var with = await LiveApp.StartAsync(registry: new Registry().IncludeProcess());
        await with.PassAsync(1);
        slot = (await Viewer.OpenAsync(with)).Slots["1m"].Single();
        Assert.InRange(slot.GetProperty("cpu").GetDouble(), 0, 1_000);
        Assert.InRange(slot.GetProperty("memory").GetDouble(), 1e6, 1e12);
    }

    [Fact]
    public async Task Metrics_about_the_library_are_left_out()
    {
        await using var app = await LiveApp.StartAsync(it => it.LimitSeries("orders_total", 1));
        var orders = app.Registry.Counter("orders_total", "Orders.", "country");
        orders.With("DE").Increment();
        orders.With("AT").Increment();
        await app.PassAsync(1);
        Assert.DoesNotContain(
            (await Viewer.OpenAsync(app)).Names, name => name.Contains("instrumentator_", StringComparison.Ordinal));
    }
}
