namespace Instrumentator.Benchmarks;

/// <summary>Measures one cell of each kind, shared by all threads, and the lookup of a series by its labels.</summary>
internal static class Cells
{
    public static IEnumerable<Case> All =>
        [
            Cell("cell-counter", registry => Increment(registry.Counter("counter_total", "A counter."))),
            Cell("cell-gauge", registry => Increment(registry.Gauge("gauge", "A gauge."))),
            Cell("cell-summary", registry => Observe(registry.Summary("summary_bytes", "A summary."))),
            Cell(
                "cell-histogram",
                registry => Observe(registry.Histogram("histogram_seconds", "A histogram.", Buckets.HighResolution))),
            Cell(
                "cell-histogram-native",
                registry =>
                    Observe(
                        registry.Histogram(
                            "histogram_seconds",
                            "A histogram.",
                            new HistogramOptions { Native = new(), Buckets = [] }))),
            Cell("lookup", registry => LookUp(registry.Counter("labelled_total", "A counter.", "one", "two"))),
        ];

    private static Case Cell(string name, Func<Registry, Work> work) =>
        Case.Whole(name, RequestLimits.Least, () => Side.Shared(work(new Registry())));

    private static Work Increment(Counter counter) => operations =>
    {
        for (var i = 0; i < operations; i++)
            counter.Increment();
    };

    private static Work Increment(Gauge gauge) => operations =>
    {
        for (var i = 0; i < operations; i++)
            gauge.Increment();
    };

    // Sizes up to 64 KiB, which are whole numbers.
    private static Work Observe(Summary summary) => operations =>
    {
        for (var i = 0; i < operations; i++)
            summary.Observe((long)(ushort)i);
    };

    // Durations from 0 to 60 ms, in the first four buckets.
    private static Work Observe(Histogram histogram) => operations =>
    {
        for (var i = 0; i < operations; i++)
            histogram.Observe((i & 63) / 1024.0);
    };

    private static Work LookUp(Family<Counter> family)
    {
        family.With("a", "b");
        return operations =>
        {
            for (var i = 0; i < operations; i++)
                GC.KeepAlive(family.With("a", "b"));
        };
    }
}
