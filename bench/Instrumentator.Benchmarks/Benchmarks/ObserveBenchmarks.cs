using BenchmarkDotNet.Attributes;

namespace Instrumentator.Benchmarks;

/// <summary>Measures a whole request without metrics, with the default metrics, and with the default metrics but
/// without an endpoint.</summary>
[MemoryDiagnoser]
public class ObserveBenchmarks
{
    private const int Requests = 1_000;

    private readonly Work _bare = Traffic.Usual.To(App.Bare(Traffic.Usual.Handler)).ForThread();
    private readonly Work _default = Traffic.Usual.To(App.Measured(it => it, Traffic.Usual)).ForThread();
    private readonly Work _untemplated = (Traffic.Usual with { Endpoints = 0 })
        .To(App.Measured(it => it, Traffic.Usual))
        .ForThread();

    [Benchmark(Baseline = true, OperationsPerInvoke = Requests)]
    public void Bare() => _bare(Requests);

    [Benchmark(OperationsPerInvoke = Requests)]
    public void Default() => _default(Requests);

    [Benchmark(OperationsPerInvoke = Requests)]
    public void Untemplated() => _untemplated(Requests);
}
