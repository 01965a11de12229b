namespace Instrumentator.Benchmarks;

/// <summary>How many bytes one series more takes: its labels, its cell, and its places in the tables.</summary>
internal static class SeriesMemory
{
    public static IEnumerable<Case> All =>
    [
        Ours("memory-counter", registry => registry.Counter("requests_total", "A counter.", GrowingFamily.Labels)),
        Ours("memory-summary", registry => registry.Summary("size_bytes", "A summary.", GrowingFamily.Labels)),
        Ours("memory-histogram-low", registry => registry.Histogram("low_seconds", "A histogram.", Buckets.LowResolution, GrowingFamily.Labels)),
        Ours("memory-histogram-high", registry => registry.Histogram("high_seconds", "A histogram.", Buckets.HighResolution, GrowingFamily.Labels)),
    ];

    /// <summary>A row of what a series takes.</summary>
    /// <param name="name">The name of the row.</param>
    /// <param name="create">Makes a family whose registry takes so many series.</param>
    /// <param name="series">How many there are.</param>
    public static Case Memory(string name, Func<int, GrowingFamily> create, int series = 100_000) =>
        new(name, null, _ => new MemoryMeasurement(series, create)) { IsAlone = true, IsExact = true };

    private static Case Ours<TCell>(string name, Func<Registry, Family<TCell>> register)
        where TCell : Cell => Memory(name, series =>
        {
            var registry = new Registry(series);
            var family = register(registry);
            return new GrowingFamily((handler, method, status) => family.With(handler, method, status), () => Scrapes.Scrape(registry, ExpositionFormat.Prometheus)(1));
        });
}
