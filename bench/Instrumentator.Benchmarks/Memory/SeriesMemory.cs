namespace Instrumentator.Benchmarks;

/// <summary>How many bytes one series more takes: its labels, its cell, and its places in the tables.</summary>
internal static class SeriesMemory
{
    public static IEnumerable<Case> All =>
    [
        Memory("memory-counter", registry => registry.Counter("requests_total", "A counter.", _labels).With),
        Memory("memory-summary", registry => registry.Summary("size_bytes", "A summary.", _labels).With),
        Memory("memory-histogram-low", registry => registry.Histogram("low_seconds", "A histogram.", Buckets.LowResolution, _labels).With),
        Memory("memory-histogram-high", registry => registry.Histogram("high_seconds", "A histogram.", Buckets.HighResolution, _labels).With),
    ];

    private static readonly string[] _labels = ["handler", "method", "status"];

    private static Case Memory(string name, Func<Registry, AddSeries> register) =>
        new(name, null, _ => new MemoryMeasurement(register)) { IsAlone = true, IsExact = true };
}

/// <summary>Adds the series of these labels; returns its cell.</summary>
internal delegate Cell AddSeries(params ReadOnlySpan<string?> labels);
