using BenchmarkDotNet.Attributes;

namespace Instrumentator.Benchmarks;

/// <summary>Measures a whole request with one to five composed metric functions.</summary>
[MemoryDiagnoser]
public class ComposeBenchmarks
{
    private const int Requests = 1_000;
    private Work _composed = Side.Nothing.ForThread();

    [Params(1, 2, 3, 4, 5)]
    public int Functions { get; set; }

    [GlobalSetup]
    public void Compose() =>
        _composed = Traffic
            .Usual.To(App.Measured(it => ComposedRequests.Composed(it, Functions), Traffic.Usual))
            .ForThread();

    [Benchmark(OperationsPerInvoke = Requests)]
    public void Composed() => _composed(Requests);
}
