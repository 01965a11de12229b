using BenchmarkDotNet.Attributes;

namespace Instrumentator.Benchmarks;

/// <summary>A whole request with metric functions that were composed by hand: what one more costs.</summary>
[MemoryDiagnoser]
public class ComposeBenchmarks
{
    private const int Requests = 1_000;
    private Work _composed = Side.Nothing.ForThread();

    [Params(1, 2, 3, 4, 5)]
    public int Functions { get; set; }

    [GlobalSetup]
    public void Compose() =>
        _composed = Traffic.Usual.To(App.Measured(it => ComposedRequests.Composed(it, Functions), Traffic.Usual)).ForThread();

    [Benchmark(OperationsPerInvoke = Requests)]
    public void Composed() => _composed(Requests);
}
