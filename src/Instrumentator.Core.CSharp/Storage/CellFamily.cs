using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The series of one family, in creation order: labels, rendered once, and cells.</summary>
internal abstract class CellFamily(FamilyDefinition definition)
{
    public FamilyDefinition Definition => definition;

    /// <summary>Writes all series with their current values. Never blocks an observation.</summary>
    public abstract void WriteTo(IScrapeWriter writer);
}

/// <inheritdoc/>
/// <param name="definition">The definition.</param>
/// <param name="create">Creates a cell.</param>
internal sealed class CellFamily<TCell>(FamilyDefinition definition, Func<TCell> create) : CellFamily(definition)
    where TCell : class, IReadCell
{
    private readonly Lock _lock = new();
    private readonly TextPages _texts = new();

    // Read without a lock: a series is written before the count.
    private readonly Chunks<Series> _series = new();
    private int _count;

    /// <summary>Adds a series.</summary>
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
    /// <summary>Writes the current value.</summary>
    void WriteTo(ISampleWriter writer, LabelSet labels);
}
