namespace Instrumentator.Tests;

/// <summary>The windows of the history.</summary>
public sealed class WindowTests
{
    [Fact]
    public async Task Each_keeps_its_last_60_slots()
    {
        await using var app = await LiveApp.StartAsync();
        for (var minute = 0; minute < 16; minute++)
        {
            using var response = await app.GetAsync("/h1/1");
            await app.PassAsync(60);
        }
        var viewer = await Viewer.OpenAsync(app);
        foreach (var (window, requests, last) in new[] { ("1m", 1, 959), ("5m", 5, 191), ("15m", 15, 63) })
        {
            var numbers = viewer.Slots[window].Select(slot => slot.GetProperty("n").GetInt64());
            Assert.Equal(Enumerable.Range(last - 59, 60).Select(number => (long)number), numbers);
            Assert.Equal(requests, viewer.Sum(window, "requests"));
        }
    }

    [Fact]
    public async Task A_registry_over_another_library_has_slots_of_five_seconds_at_least()
    {
        await using var app = await LiveApp.StartAsync(registry: new Registry(new CountedBackend()));
        await app.PassAsync(905, period: 5);
        var data = (await app.DataAsync()).GetProperty("windows");
        Assert.Equal((5, 12, 12), Shape("1m"));
        Assert.Equal((5, 60, 60), Shape("5m"));
        Assert.Equal((15, 60, 60), Shape("15m"));

        (int, int, int) Shape(string window) => (
            data.GetProperty(window).GetProperty("step").GetInt32(),
            data.GetProperty(window).GetProperty("length").GetInt32(),
            data.GetProperty(window).GetProperty("slots").GetArrayLength());
    }

    [Fact]
    public async Task A_slot_tells_when_it_ended_and_how_long_it_was()
    {
        await using var app = await LiveApp.StartAsync();
        await app.PassAsync(1);
        app.Clock.Advance(TimeSpan.FromMilliseconds(400));
        app.Clock.Advance(TimeSpan.FromMilliseconds(600));
        await app.PassAsync(1);
        var slots = (await Viewer.OpenAsync(app)).Slots["1m"];
        var end = app.Clock.GetUtcNow().ToUnixTimeMilliseconds() / 1_000.0;
        Assert.Equal(end, slots[^1].GetProperty("t").GetDouble());
        Assert.Equal(3, slots.Sum(slot => slot.GetProperty("s").GetDouble()), 0.001);
    }

    [Fact]
    public async Task Durations_are_in_the_buckets_of_the_instrumentation()
    {
        await using var app = await LiveApp.StartAsync(
            it => it.WithDefaultMetrics(new() { HighResolutionBuckets = [0.1, 0.5], LowResolutionBuckets = [0.2] }),
            configure: one =>
            {
                one.MapInstrumentatorPage();
                one.MapGet("/wait/{milliseconds:int}", (int milliseconds, TimeProvider clock) =>
                    ((Microsoft.Extensions.Time.Testing.FakeTimeProvider)clock).Advance(
                        TimeSpan.FromMilliseconds(milliseconds)));
            });
        foreach (var milliseconds in new[] { 50, 100, 150, 250 })
        {
            using var response = await app.GetAsync($"/wait/{milliseconds}");
        }
        await app.PassAsync(1);
        var viewer = await Viewer.OpenAsync(app);
        var slot = viewer.Slots["1m"].Single();
        Assert.Equal("[0,2,1,2]", slot.GetProperty("latency").GetRawText());
        Assert.Equal(0.55, slot.GetProperty("seconds").GetDouble());
        Assert.Equal("[0,3,1,1]", slot.GetProperty("rows")[0][6].GetRawText());
        Assert.Equal("[0.1,0.5]", viewer.Last.GetProperty("bounds").GetRawText());
        Assert.Equal("[0.2]", viewer.Last.GetProperty("handlerBounds").GetRawText());
    }

    [Fact]
    public async Task Requests_in_progress_and_long_lived_ones_are_levels()
    {
        var release = new TaskCompletionSource();
        await using var app = await LiveApp.StartAsync(
            it => it.With(config => config with { InProgress = new() { Labels = true } }),
            configure: one =>
            {
                one.MapInstrumentatorPage();
                one.MapGet("/wait", () => release.Task);
                one.MapGet("/stream", () => release.Task).AsLongLived();
            });
        var waiting = new[] { "/wait", "/wait", "/stream" }.Select(app.GetAsync).ToArray();
        await Eventually.Holds(
            () => app.Registry.Scrape() is var scrape
                && scrape.Find("http_long_lived_requests_inprogress", "/stream") is SampleValue.Gauge { Value: 1 }
                && scrape.Find("http_requests_inprogress", "/wait", "GET") is SampleValue.Gauge { Value: 2 },
            () => app.Registry.ToText());
        await app.PassAsync(1);
        release.SetResult();
        foreach (var one in waiting)
            (await one).Dispose();
        await app.PassAsync(1);
        var viewer = await Viewer.OpenAsync(app);
        Assert.Equal([3, 0], viewer.Slots["1m"].Select(slot => slot.GetProperty("inProgress").GetDouble()));
        Assert.Equal([1, 0], viewer.Slots["1m"].Select(slot => slot.GetProperty("longLived").GetDouble()));
        Assert.Equal(2, viewer.RowsOf(viewer.Slots["1m"][0])["GET /wait"][4]);
        Assert.Equal(1, viewer.Slots["1m"][0].GetProperty("open")[0][1].GetInt32());
    }

    [Fact]
    public async Task Sizes_are_those_of_a_handler()
    {
        await using var app = await LiveApp.StartAsync(configure: one =>
        {
            one.MapInstrumentatorPage();
            one.MapPost("/upload", (HttpContext context) =>
            {
                context.Response.ContentLength = 0;
                return Results.Bytes(new byte[300]);
            });
        });
        for (var i = 0; i < 2; i++)
        {
            using var content = new ByteArrayContent(new byte[50]);
            using var response = await app.Client.PostAsync(
                new Uri("/upload", UriKind.Relative), content, TestContext.Current.CancellationToken);
        }
        await app.PassAsync(1);
        var slot = (await Viewer.OpenAsync(app)).Slots["1m"].Single();
        Assert.Equal("[[0,2,100,2,600]]", slot.GetProperty("sizes").GetRawText());
    }

    [Fact]
    public async Task Reading_ends_with_the_app()
    {
        var backend = new CountedBackend();
        var app = await LiveApp.StartAsync(registry: new Registry(backend));
        await app.PassAsync(10, period: 5);
        await app.DisposeAsync();
        var readings = backend.Readings;
        for (var i = 0; i < 20; i++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        Assert.Equal(readings, backend.Readings);
    }

    [Fact]
    public async Task A_registry_over_another_library_is_read_as_well_and_a_failure_is_logged_and_made_up_for()
    {
        var backend = new CountedBackend();
        await using var app = await LiveApp.StartAsync(registry: new Registry(backend));
        await app.PassAsync(5, period: 5);
        using var first = await app.GetAsync("/h1/1");
        backend.Fails = true;
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.Holds(() => app.Log.Of(18).Length == 1, () => "No line in the log.");
        backend.Fails = false;
        await app.PassAsync(5, period: 5);
        var viewer = await Viewer.OpenAsync(app);
        Assert.Equal(1, viewer.Sum("1m", "requests"));
        Assert.Equal(10, viewer.Slots["1m"][^1].GetProperty("s").GetDouble(), 0.001);
        Assert.StartsWith(
            "Warning 18 A reading of the registry for the live page failed.",
            app.Log.Of(18)[0],
            StringComparison.Ordinal);
    }
}
