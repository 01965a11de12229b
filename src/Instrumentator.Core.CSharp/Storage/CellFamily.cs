using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The series of one family: labels, rendered once, and cells, in the order in which they were born.</summary>
internal abstract class CellFamily(FamilyDefinition definition)
{
    public FamilyDefinition Definition => definition;

    /// <summary>Tells all of them as they are now. Holds up nobody.</summary>
    public abstract void TellTo(IScrapeSink sink);
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

    public override void TellTo(IScrapeSink sink)
    {
        if (sink.Begin(Definition) is not { } wanted)
            return;
        var count = Volatile.Read(ref _count);
        for (var i = 0; i < count; i++)
        {
            ref readonly var series = ref _series[i];
            series.Cell.TellTo(wanted, series.Labels);
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
    /// <summary>Tells what it holds now.</summary>
    void TellTo(ISeriesSink sink, LabelSet labels);
}
