using Prometheus;

namespace Instrumentator.Benchmarks;

/// <summary>Measures the memory of each additional series in prometheus-net's registry.</summary>
internal static class PrometheusNetMemory
{
    // A tenth of the series in our own benchmark: with as many, prometheus-net's summaries would take 7 GB.
    private const int Series = 10_000;

    private static readonly string[] _labels = GrowingFamily.Labels;

    public static IEnumerable<Case> All =>
    [
        Theirs(
            "prometheus-net-memory-counter",
            metrics => metrics.CreateCounter("requests_total", "A counter.", _labels)),
        Theirs(
            "prometheus-net-memory-summary",
            metrics => metrics.CreateSummary("size_bytes", "A summary.", _labels)),
        Theirs(
            "prometheus-net-memory-histogram-low",
            metrics => metrics.CreateHistogram(
                "low_seconds", "A histogram.", _labels, PrometheusNetByHand.With(Buckets.LowResolution))),
        Theirs(
            "prometheus-net-memory-histogram-high",
            metrics => metrics.CreateHistogram(
                "high_seconds", "A histogram.", _labels, PrometheusNetByHand.With(Buckets.HighResolution))),
    ];

    private static Case Theirs<TChild>(string name, Func<MetricFactory, Collector<TChild>> create)
        where TChild : ChildBase => SeriesMemory.Memory(name, _ => Empty(create), Series);

    private static GrowingFamily Empty<TChild>(Func<MetricFactory, Collector<TChild>> create)
        where TChild : ChildBase
    {
        var collectors = Prometheus.Metrics.NewCustomRegistry();
        var family = create(Prometheus.Metrics.WithCustomRegistry(collectors));
        return new GrowingFamily(
            (handler, method, status) => family.WithLabels(handler, method, status),
            () => PrometheusNetText.Write(collectors, Stream.Null));
    }
}
