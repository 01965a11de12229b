namespace Instrumentator.Tests;

/// <summary>Stands for the backend of another library, and counts how often it is read.</summary>
internal sealed class CountedBackend : IMetricBackend
{
    private readonly CellBackend _inner = new();
    private int _readings;

    public int Readings => Volatile.Read(ref _readings);

    public bool Fails { get; set; }

    public Func<IReadOnlyList<string>, Counter> CreateCounter(FamilyDefinition definition) =>
        _inner.CreateCounter(definition);

    public Func<IReadOnlyList<string>, Gauge> CreateGauge(FamilyDefinition definition) =>
        _inner.CreateGauge(definition);

    public Func<IReadOnlyList<string>, Histogram> CreateHistogram(FamilyDefinition definition) =>
        _inner.CreateHistogram(definition);

    public Func<IReadOnlyList<string>, Summary> CreateSummary(FamilyDefinition definition) =>
        _inner.CreateSummary(definition);

    public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _readings);
        return Fails ? throw new InvalidOperationException("no reading") : _inner.CollectAsync(cancellationToken);
    }
}
