using System.Collections.Concurrent;

namespace Instrumentator;

/// <summary>The series of an instrument by their tags: cells with labels, up to a limit.</summary>
/// <remarks>Safe for use by many threads. Finding the series of known tags takes no lock and allocates nothing. Which
/// tags an instrument has is unknown before its measurements, and they may differ from one to the next.</remarks>
/// <param name="reserved">The label that the format itself adds; null for none.</param>
/// <param name="create">Creates a cell.</param>
internal sealed class TaggedSeries<TCell>(string? reserved, Func<TCell> create)
    where TCell : class
{
    private readonly Lock _lock = new();
    private readonly List<Series> _all = [];

    // Names and values alternately.
    private readonly ConcurrentDictionary<ValueList<string>, Series> _byLabels = new();

    // Tags as they were given. There are at most twice as many as series: the rest is found by labels.
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _byTags =
        new(TagComparer.Instance);

    private Series? _overflow;
    private int _limit = Registry.DefaultSeriesLimit;
    private int _kept;
    private long _dropped;

    /// <summary>Gets all series, in the order of their first use.</summary>
    public (LabelSet Labels, TCell Cell, double Created)[] All
    {
        get
        {
            lock (_lock)
                return [.. _all.Select(series => (series.Labels, series.Cell, series.Created))];
        }
    }

    /// <summary>The maximum number of series. One additional series takes everything over the limit.</summary>
    public int Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    /// <summary>Returns the number of lookups over the limit since the last call.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);

    /// <summary>Returns the cell of the series with these tags.</summary>
    public TCell Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>().TryGetValue(tags, out var series)
            ? series.Cell
            : FindSlow(tags);

    /// <summary>Removes series, and frees their places.</summary>
    public void Remove(Predicate<TCell> isRemoved)
    {
        lock (_lock)
        {
            if (_all.RemoveAll(series => isRemoved(series.Cell)) == 0)
                return;
            if (_overflow is not null && isRemoved(_overflow.Cell))
                _overflow = null;
            RemoveFrom(_byLabels, isRemoved);
            _kept -= RemoveFrom(_byTags, isRemoved);
        }
    }

    private bool HasRoom => _all.Count - (_overflow is null ? 0 : 1) < Limit;

    private TCell FindSlow(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = TagLabels.Of(tags, reserved);
        if ((_byLabels.GetValueOrDefault(labels) ?? FindOrAdd(labels)) is not { } series)
        {
            Interlocked.Increment(ref _dropped);
            return _overflow!.Cell;
        }
        if (TagLabels.CanKeep(tags))
            Keep(tags.ToArray(), series);
        return series.Cell;
    }

    // Null when there is no room.
    private Series? FindOrAdd(ValueList<string> labels)
    {
        lock (_lock)
        {
            if (_byLabels.TryGetValue(labels, out var known))
                return known;
            if (HasRoom || labels.Count == 0)
                return Add(labels);
            _overflow ??= AddOverflow(labels);
            return null;
        }
    }

    // With the names of the first series that has no room. One without labels always has room: no text would tell it
    // from the additional series.
    private Series AddOverflow(ValueList<string> labels)
    {
        var overflow = ValueList.From(labels.Select((text, i) => i % 2 == 0 ? text : Family<Counter>.Overflow));
        return _byLabels.GetValueOrDefault(overflow) ?? Add(overflow);
    }

    private Series Add(ValueList<string> labels)
    {
        var series = new Series(
            new LabelSet(NamesOf(labels), TagLabels.ValuesOf(labels)),
            create(),
            TimeProvider.System.PreciseUnixSeconds());
        _all.Add(series);
        return _byLabels[labels] = series;
    }

    // Most series of an instrument have the same names, which they share.
    private ValueList<string> NamesOf(ValueList<string> labels)
    {
        var names = TagLabels.NamesOf(labels);
        return _all.Count > 0 && _all[^1].Labels.Names is var last && names.Equals(last) ? last : names;
    }

    private void Keep(KeyValuePair<string, object?>[] tags, Series series)
    {
        lock (_lock)
        {
            if (_kept < 2L * _all.Count && _byTags.TryAdd(tags, series))
                _kept++;
        }
    }

    private static int RemoveFrom<TKey>(ConcurrentDictionary<TKey, Series> table, Predicate<TCell> isRemoved)
        where TKey : notnull =>
        table.Count(entry => isRemoved(entry.Value.Cell) && table.TryRemove(entry.Key, out _));

    private sealed record Series(LabelSet Labels, TCell Cell, double Created);
}
