namespace Instrumentator;

/// <summary>The built-in backend: keeps values in memory. Registries use it by default.</summary>
internal sealed class CellBackend : IMetricBackend
{
    private readonly List<CellFamily> _families = [];

    /// <summary>All current families.</summary>
    public CellFamily[] Families
    {
        get
        {
            lock (_families)
                return [.. _families];
        }
    }

    public Func<IReadOnlyList<string>, Counter> CreateCounter(FamilyDefinition definition) =>
        Add(definition, () => new CounterCell());

    public Func<IReadOnlyList<string>, Gauge> CreateGauge(FamilyDefinition definition) =>
        Add(definition, () => new GaugeCell());

    public Func<IReadOnlyList<string>, Histogram> CreateHistogram(FamilyDefinition definition)
    {
        var bounds = new UpperBounds(definition.Buckets.Span);
        return definition.Native is { } native
            ? Add(definition, () => new NativeHistogramCell(bounds, native))
            : Add(definition, () => new HistogramCell(bounds));
    }

    public Func<IReadOnlyList<string>, Summary> CreateSummary(FamilyDefinition definition) =>
        Add(definition, () => new SummaryCell());

    public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default)
    {
        var snapshot = new SnapshotBuilder();
        foreach (var family in Families)
            family.WriteTo(snapshot);
        snapshot.End();
        return ValueTask.FromResult(snapshot.Families);
    }

    private Func<IReadOnlyList<string>, TCell> Add<TCell>(FamilyDefinition definition, Func<TCell> create)
        where TCell : Cell, IReadCell
    {
        var family = new CellFamily<TCell>(definition, create);
        lock (_families)
            _families.Add(family);
        return family.Add;
    }
}
