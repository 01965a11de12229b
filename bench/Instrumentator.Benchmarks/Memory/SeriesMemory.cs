namespace Instrumentator.Benchmarks;

/// <summary>Measures the memory of one more series: its labels, its cell, and its entries in the tables.</summary>
internal static class SeriesMemory
{
    public static IEnumerable<Case> All =>
        [
            Ours(
                "memory-counter",
                registry => registry.Counter("requests_total", "A counter.", GrowingFamily.Labels)),
            Ours("memory-summary", registry => registry.Summary("size_bytes", "A summary.", GrowingFamily.Labels)),
            Ours(
                "memory-histogram-low",
                registry =>
                    registry.Histogram("low_seconds", "A histogram.", Buckets.LowResolution, GrowingFamily.Labels)),
            Ours(
                "memory-histogram-native",
                registry =>
                    registry.Histogram(
                        "native_seconds",
                        "A histogram.",
                        new HistogramOptions { Native = new(), Buckets = [] },
                        GrowingFamily.Labels),
                ObserveDurations),
            Ours(
                "memory-histogram-high",
                registry =>
                    registry.Histogram("high_seconds", "A histogram.", Buckets.HighResolution, GrowingFamily.Labels)),
        ];

    /// <summary>Returns a row that measures the memory of a series.</summary>
    /// <param name="name">The name of the row.</param>
    /// <param name="create">Creates a family whose registry takes a number of series.</param>
    /// <param name="series">The number of series.</param>
    public static Case Memory(string name, Func<int, GrowingFamily> create, int series = 100_000) =>
        new(name, null, _ => new MemoryMeasurement(series, create)) { IsAlone = true, IsExact = true };

    // From 10 ms to 160 ms: in 32 native buckets.
    private static void ObserveDurations(Histogram histogram)
    {
        for (var i = 0; i < 32; i++)
            histogram.Observe(0.01 * Math.Pow(2, i / 8.0));
    }

    private static Case Ours<TCell>(string name, Func<Registry, Family<TCell>> register, Action<TCell>? use = null)
        where TCell : Cell => Memory(name, series =>
        {
            var registry = new Registry(series);
            var family = register(registry);
            return new GrowingFamily(Add, () => Scrapes.Scrape(registry, ExpositionFormat.Prometheus)(1));

            TCell Add(string handler, string method, string status)
            {
                var cell = family.With(handler, method, status);
                use?.Invoke(cell);
                return cell;
            }
        });
}
