namespace Instrumentator;

/// <summary>The series of one family: labels, rendered once, and cells, in the order in which they were born.</summary>
internal abstract class CellFamily
{
    /// <summary>All of them as they are now.</summary>
    public abstract FamilySnapshot Read();
}

/// <inheritdoc/>
internal sealed class CellFamily<TCell>(FamilyDefinition definition, Func<TCell> create) : CellFamily
    where TCell : IReadCell
{
    private readonly List<(LabelSet Labels, TCell Cell)> _series = [];

    /// <summary>A new series. A scrape waits meanwhile, an observation never.</summary>
    public TCell Add(IReadOnlyList<string> values)
    {
        var cell = create();
        lock (_series)
            _series.Add((new LabelSet(definition.LabelNames, values), cell));
        return cell;
    }

    public override FamilySnapshot Read()
    {
        (LabelSet Labels, TCell Cell)[] series;
        lock (_series)
            series = [.. _series];
        return new FamilySnapshot(definition, ValueList.From(series.Select(one => new Sample(one.Labels, one.Cell.Read()))));
    }
}
