using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The series of one family: labels, rendered once, and cells, in the order in which they were born.</summary>
internal abstract class CellFamily(FamilyDefinition definition)
{
    public FamilyDefinition Definition => definition;

    /// <summary>Writes all series with their present values. Never makes an observation wait.</summary>
    public abstract void WriteTo(IScrapeWriter writer);
}

/// <inheritdoc/>
/// <param name="definition">What it is.</param>
/// <param name="create">Makes a cell.</param>
internal sealed class CellFamily<TCell>(FamilyDefinition definition, Func<TCell> create) : CellFamily(definition)
    where TCell : class, IReadCell
{
    private readonly Lock _lock = new();
    private readonly TextPages _texts = new();

    // Read without a lock: a series is written before the number of them.
    private readonly Chunks<Series> _series = new();
    private int _count;

    /// <summary>A new series.</summary>
    public TCell Add(IReadOnlyList<string> values)
    {
        var cell = create();
        lock (_lock)
        {
            var labels = new LabelSet(Definition.LabelNames, values, _texts);
            _series.MakeRoom(_count);
            _series[_count] = new Series { Labels = labels, Cell = cell };
            Volatile.Write(ref _count, _count + 1);
        }
        return cell;
    }

    public override void WriteTo(IScrapeWriter writer)
    {
        if (writer.Begin(Definition) is not { } wanted)
            return;
        var count = Volatile.Read(ref _count);
        for (var i = 0; i < count; i++)
        {
            ref readonly var series = ref _series[i];
            series.Cell.WriteTo(wanted, series.Labels);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Series
    {
        public LabelSet Labels;
        public TCell Cell;
    }
}

/// <summary>A cell that can be read for a scrape.</summary>
internal interface IReadCell
{
    /// <summary>Writes the present value.</summary>
    void WriteTo(ISampleWriter writer, LabelSet labels);
}
