using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The series of one family, in creation order: labels, rendered once, and cells.</summary>
internal abstract class CellFamily(FamilyDefinition definition)
{
    public FamilyDefinition Definition => definition;

    /// <summary>Writes all series with their current values. Never blocks an observation.</summary>
    public abstract void WriteTo(IScrapeWriter writer);

    /// <summary>Drops series whose cells have no owner any more, now or when there are more of them.</summary>
    public abstract void OnRemoved();
}

/// <inheritdoc/>
/// <param name="definition">The definition.</param>
/// <param name="create">Creates a cell.</param>
internal sealed class CellFamily<TCell>(FamilyDefinition definition, Func<TCell> create) : CellFamily(definition)
    where TCell : Cell, IReadCell
{
    private readonly Lock _lock = new();
    private int _removed;

    // Replaced as a whole when most of its series are removed.
    private SeriesList _list = new();

    /// <summary>Adds a series.</summary>
    public TCell Add(IReadOnlyList<string> values)
    {
        var cell = create();
        cell.Owner = this;
        lock (_lock)
            _list.Add(Definition.LabelNames, values, cell, TimeProvider.System.PreciseUnixSeconds());
        return cell;
    }

    public override void WriteTo(IScrapeWriter writer)
    {
        if (writer.Begin(Definition) is not { } wanted)
            return;
        var list = Volatile.Read(ref _list);
        var count = list.Count;
        for (var i = 0; i < count; i++)
        {
            ref readonly var series = ref list[i];
            if (series.Cell.Owner is not null)
                series.Cell.WriteTo(wanted, series.Labels, series.Created);
        }
    }

    public override void OnRemoved()
    {
        lock (_lock)
        {
            if (++_removed <= Math.Max(_list.Count / 2, 16))
                return;
            Volatile.Write(ref _list, _list.WithoutRemoved(Definition.LabelNames));
            _removed = 0;
        }
    }

    // Read without a lock: a series is written before the count.
    private sealed class SeriesList
    {
        private readonly TextPages _texts = new();
        private readonly Chunks<Series> _series = new();
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public ref readonly Series this[int index] => ref _series[index];

        public void Add(ValueList<string> names, IReadOnlyList<string> values, TCell cell, double created)
        {
            var labels = new LabelSet(names, values, _texts);
            _series.MakeRoom(_count);
            _series[_count] = new Series { Labels = labels, Cell = cell, Created = created };
            Volatile.Write(ref _count, _count + 1);
        }

        // Renders the labels again, so that the pages of the old texts are collected.
        public SeriesList WithoutRemoved(ValueList<string> names)
        {
            var rest = new SeriesList();
            for (var i = 0; i < _count; i++)
            {
                ref readonly var series = ref _series[i];
                if (series.Cell.Owner is not null)
                    rest.Add(names, series.Labels.Values, series.Cell, series.Created);
            }
            return rest;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Series
    {
        public LabelSet Labels;
        public TCell Cell;
        public double Created;
    }
}

/// <summary>A cell that can be read for a scrape.</summary>
internal interface IReadCell
{
    /// <summary>Writes the current value.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="labels">The labels of its series.</param>
    /// <param name="created">When its series began, in seconds since 1970 (UTC).</param>
    void WriteTo(ISampleWriter writer, LabelSet labels, double created);
}
