namespace Instrumentator;

/// <summary>A metric by name: its series, each with its label values and its cell.</summary>
/// <remarks>Safe for use by many threads. Series come in the order in which they were first used, and stay.</remarks>
public abstract class Family
{
    private protected Family(FamilyDefinition definition, bool isOwn) => (Definition, IsOwn) = (definition, isOwn);

    /// <summary>What it is.</summary>
    public FamilyDefinition Definition { get; }

    /// <summary>Whether its numbers are in memory of our own: writing there cannot fail.</summary>
    internal bool IsOwn { get; }

    /// <summary>How many series it has.</summary>
    internal abstract int Count { get; }

    /// <summary>How many look-ups gave the series that takes what is over the limit, since there was no place for one of their own.</summary>
    internal abstract long Dropped { get; }

    /// <summary>The cell of the series with these label values.</summary>
    internal abstract Cell Find(ReadOnlySpan<string?> values);
}

/// <summary>A metric by name: its series, each with its label values and its cell.</summary>
/// <typeparam name="TCell">The kind of its cells.</typeparam>
/// <remarks>Safe for use by many threads. Series come in the order in which they were first used, and stay.</remarks>
public sealed class Family<TCell> : Family
    where TCell : Cell
{
    /// <summary>Every label value of the series that takes what is over the limit.</summary>
    internal const string Overflow = "_overflow";

    private readonly SeriesTable<TCell> _cells = new();
    private readonly Func<IReadOnlyList<string>, TCell> _create;
    private readonly Lock _lock = new();
    private readonly int _limit;

    // Set with the first value that is over the limit. From then on no new value takes the lock, whoever sends how many.
    private TCell? _overflow;
    private long _dropped;

    internal Family(FamilyDefinition definition, Func<IReadOnlyList<string>, TCell> create, int limit, bool isOwn) : base(definition, isOwn)
    {
        (_create, _limit) = (create, limit);
        if (definition.LabelNames.Count == 0)
            With([]);
    }

    /// <summary>The cell of the series with this value of the one label.</summary>
    /// <param name="value">Any text; null is empty text.</param>
    /// <exception cref="ArgumentException">The family has not one label.</exception>
    public TCell With(string? value) => With([value]);

    /// <summary>The cell of the series with these label values.</summary>
    /// <param name="values">A value for each label, in the order of the names. Any text; null is empty text.</param>
    /// <returns>The same cell for the same values. Allocates nothing for a known series.</returns>
    /// <remarks>
    /// Over the registry's limit, new values share one series whose values are all <c>_overflow</c>, so that totals stay right
    /// and memory stays bounded.
    /// </remarks>
    /// <exception cref="ArgumentException">There are more or fewer values than labels.</exception>
    public TCell With(params ReadOnlySpan<string?> values) => _cells.Find(values) ?? AddSlow(values);

    internal override int Count => _cells.Count;

    internal override long Dropped => Volatile.Read(ref _dropped);

    internal override Cell Find(ReadOnlySpan<string?> values) => With(values);

    private TCell AddSlow(ReadOnlySpan<string?> values)
    {
        if (values.Length != Definition.LabelNames.Count)
            throw new ArgumentException($"{Definition.Name} has the {Definition.LabelNames.Count} labels {Definition.LabelNames}, but {values.Length} values were given.", nameof(values));
        if (Volatile.Read(ref _overflow) is { } full)
            return FindClean(values) ?? Drop(full);
        var clean = LabelValues.Clean(values);

        // Another thread was first, or cleaning made the values those of a known series.
        lock (_lock)
            return _cells.Find(clean) ?? (_cells.Count < _limit ? Add(clean) : Drop(OverflowCell()));
    }

    /// <summary>The series that values belong to when they are cleaned; null when they are clean already.</summary>
    private TCell? FindClean(ReadOnlySpan<string?> values)
    {
        foreach (var value in values)
        {
            if (!LabelSet.IsClean(value))
                return _cells.Find(LabelValues.Clean(values));
        }
        return null;
    }

    private TCell Drop(TCell overflow)
    {
        Interlocked.Increment(ref _dropped);
        return overflow;
    }

    private TCell OverflowCell()
    {
        var values = new string[Definition.LabelNames.Count];
        Array.Fill(values, Overflow);
        var cell = _cells.Find(values) ?? Add(values);
        Volatile.Write(ref _overflow, cell);
        return cell;
    }

    private TCell Add(string[] values)
    {
        var cell = _create(new ValueList<string>(values));
        _cells.Add(values, cell);
        return cell;
    }
}
