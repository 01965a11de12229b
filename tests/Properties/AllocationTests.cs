namespace Instrumentator.Properties;

/// <summary>What runs for each request allocates nothing, once it has met its series.</summary>
public class AllocationTests
{
    [Fact]
    public void Recording_the_default_metrics_on_a_known_route_allocates_nothing()
    {
        var recorder = new Recorder(Instrumentation.Default.WithRegistry(new()), (_, _) => { });
        var route = recorder.Templated("/items/{id}");
        AssertAllocatesNothing(i => recorder.Record(route, new RequestFacts
        {
            Method = "GET",
            Template = "/items/{id}",
            StatusCode = i % 2 == 0 ? 200 : 404,
            EndedAt = i,
            TicksPerSecond = 1_000,
            RequestSize = i,
            ResponseSize = i * 1_000_000L,
        }));
    }

    [Fact]
    public void Recording_what_was_composed_allocates_nothing()
    {
        var registry = new Registry();
        var metrics = Metrics.Latency(new() { Registry = registry }).When(info => info.StatusCode != 404)
            .Then(Metrics.CombinedSize(new() { Registry = registry, CustomLabels = [("app", "x")] }))
            .Then(Metrics.From(_ => { }));
        var recorder = new Recorder(Instrumentation.Default.Add(metrics).With(config => config with { LatencyDecimals = 4 }), (_, _) => { });
        var route = recorder.Templated("/items/{id}");
        AssertAllocatesNothing(i => recorder.Record(
            route, new RequestFacts { Method = "POST", StatusCode = 200 + i % 300, EndedAt = i * 3, TicksPerSecond = 1_000 }));
    }

    [Fact]
    public void Finding_an_unmatched_path_allocates_nothing()
    {
        var instrumentation = Instrumentation.Default.WithRegistry(new()).With(config => config with { Untemplated = Untemplated.Path(1) });
        var recorder = new Recorder(instrumentation, (_, _) => { });
        string[] paths = ["/known", "/over the limit"];
        AssertAllocatesNothing(i => recorder.Untemplated(paths[i % 2]));
    }

    [Fact]
    public void Writing_to_a_known_series_allocates_nothing()
    {
        var registry = new Registry(seriesLimit: 2);
        var counters = registry.Counter("a", "Help.", "x", "y");
        var histograms = registry.Histogram("b", "Help.", [1, 10], "x");
        var summary = registry.Summary("c", "Help.");
        AssertAllocatesNothing(i =>
        {
            counters.With("GET", "/items").Increment();
            counters.With("POST", null).Increment(0.5);
            histograms.With("GET").Observe(i);
            summary.Observe(i);
            summary.Observe(i * 0.5);
        });
    }

    [Fact]
    public void Rounding_allocates_nothing_but_at_a_tie() =>
        AssertAllocatesNothing(i => Rounding.Round(i * 0.0123_4567, 4));

    private static void AssertAllocatesNothing(Action<int> action)
    {
        const int Times = 5_000;
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Times; i++)
                action(i);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The first round meets every series, and compiles.
        Allocated();
        Assert.Equal(0, Allocated());
    }
}
