namespace Instrumentator.Properties;

/// <summary>The built-in backend, in which a test controls how long the creation of one series takes.</summary>
internal sealed class SlowBackend : IMetricBackend, IDisposable
{
    public const string Slow = "slow";

    private readonly CellBackend _cells = new();
    private readonly ManualResetEventSlim _making = new();
    private readonly ManualResetEventSlim _goOn = new();

    public void WaitUntilMaking() => _making.Wait();

    public void GoOn() => _goOn.Set();

    public Func<IReadOnlyList<string>, Counter> CreateCounter(FamilyDefinition definition) =>
        Slowly(_cells.CreateCounter(definition));

    public Func<IReadOnlyList<string>, Gauge> CreateGauge(FamilyDefinition definition) =>
        Slowly(_cells.CreateGauge(definition));

    public Func<IReadOnlyList<string>, Histogram> CreateHistogram(FamilyDefinition definition) =>
        Slowly(_cells.CreateHistogram(definition));

    public Func<IReadOnlyList<string>, Summary> CreateSummary(FamilyDefinition definition) =>
        Slowly(_cells.CreateSummary(definition));

    public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
        _cells.CollectAsync(cancellationToken);

    public void Dispose()
    {
        _making.Dispose();
        _goOn.Dispose();
    }

    private Func<IReadOnlyList<string>, TCell> Slowly<TCell>(Func<IReadOnlyList<string>, TCell> create) => values =>
    {
        if (values.Contains(Slow))
        {
            _making.Set();
            _goOn.Wait();
        }
        return create(values);
    };
}
