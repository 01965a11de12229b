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
/// <param name="cellBytes">How much memory a cell takes, with what is born with it.</param>
internal sealed class CellFamily<TCell>(FamilyDefinition definition, Func<TCell> create, int cellBytes) : CellFamily(definition)
    where TCell : class, IReadCell
{
    // So many series before their turn they are brought from memory: each has places of its own there, and one after the other they would be waited for.
    private const int Ahead = 3;

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
        var areStriped = false;
        for (var i = 0; i < count; i++)
        {
            if (i + (3 * Ahead) < count)
                Bring(ref _series[i + (3 * Ahead)]);
            if (i + (2 * Ahead) < count)
                areStriped |= _series[i + (2 * Ahead)].Cell.Bring(0);
            if (areStriped && i + Ahead < count)
                _series[i + Ahead].Cell.Bring(1);
            ref readonly var series = ref _series[i];
            series.Cell.TellTo(wanted, series.Labels);
        }
    }

    private void Bring(ref Series series)
    {
        Prefetch.Object(ref series.Labels);
        Prefetch.Object(ref series.Cell, cellBytes);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Series
    {
        public LabelSet Labels;
        public TCell Cell;
    }
}
