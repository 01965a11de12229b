using BenchmarkDotNet.Attributes;

namespace Instrumentator.Benchmarks;

/// <summary>Measures the lookup of a known series by its labels.</summary>
[MemoryDiagnoser]
public class LookupBenchmarks
{
    private readonly Family<Counter> _one = new Registry().Counter("one_total", "A counter.", "country");
    private readonly Family<Counter> _three = new Registry().Counter(
        "three_total",
        "A counter.",
        "handler",
        "method",
        "status");

    [Benchmark]
    public Counter OneLabel() => _one.With("DE");

    [Benchmark]
    public Counter ThreeLabels() => _three.With("/api/v1/shops/{shop}/items/{id}", "GET", "2xx");
}
