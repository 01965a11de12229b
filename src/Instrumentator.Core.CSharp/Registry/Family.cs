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

    /// <summary>How many series of its own it may have. What is there already stays when the limit falls.</summary>
    internal abstract int Limit { get; set; }

    /// <summary>Whether it came into scrapes.</summary>
    internal abstract bool IsOpen { get; }

    /// <summary>The cell of the series with these label values.</summary>
    internal abstract Cell Find(ReadOnlySpan<string?> values);

    /// <summary>Comes into scrapes, where it was not there yet.</summary>
    /// <exception cref="InvalidOperationException">The name is taken where the numbers are kept.</exception>
    internal abstract void Open();
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
    private readonly Func<Func<IReadOnlyList<string>, TCell>> _open;
    private readonly Overflows? _overflows;
    private readonly Lock _lock = new();

    // Made when it is first needed: from then on the family is in scrapes.
    private Func<IReadOnlyList<string>, TCell>? _create;
    private int _limit;

    // Set with the first value that is over the limit. From then on no new value takes the lock while the family is full, whoever sends how many.
    private TCell? _overflow;

    // 1 when the series that takes the rest was not there by itself: it is one more than the limit.
    private int _extra;
    private Counter? _drops;
    private long _dropped;

    /// <summary>A family that is in no scrape yet: see <see cref="Open"/>.</summary>
    /// <param name="definition">What it is.</param>
    /// <param name="open">Makes what makes cells. Called once, with the first cell.</param>
    /// <param name="limit">How many series it may have.</param>
    /// <param name="isOwn">Whether its numbers are in memory of our own.</param>
    /// <param name="overflows">Is told that it is full; null for nobody.</param>
    internal Family(FamilyDefinition definition, Func<Func<IReadOnlyList<string>, TCell>> open, int limit, bool isOwn, Overflows? overflows) : base(definition, isOwn) =>
        (_open, _limit, _overflows) = (open, limit, overflows);

    /// <summary>The cell of the series with this value of the one label.</summary>
    /// <param name="value">Any text; null is empty text.</param>
    /// <exception cref="ArgumentException">The family has not one label.</exception>
    public TCell With(string? value) => With([value]);

    /// <summary>The cell of the series with these label values.</summary>
    /// <param name="values">A value for each label, in the order of the names. Any text; null is empty text.</param>
    /// <returns>The same cell for the same values. Allocates nothing for a known series.</returns>
    /// <remarks>
    /// Over the limit of the family or of its registry, new values share one series whose values are all <c>_overflow</c>, so that totals stay right
    /// and memory stays bounded.
    /// </remarks>
    /// <exception cref="ArgumentException">There are more or fewer values than labels.</exception>
    public TCell With(params ReadOnlySpan<string?> values) => _cells.Find(values) ?? AddSlow(values);

    internal override bool IsOpen => Volatile.Read(ref _create) is not null;

    internal override int Count => _cells.Count;

    internal override long Dropped => Volatile.Read(ref _dropped);

    internal override int Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    private bool IsFull => Volatile.Read(ref _overflow) is not null && !HasRoom;

    private bool HasRoom => _cells.Count < (long)Limit + _extra;

    internal override Cell Find(ReadOnlySpan<string?> values) => With(values);

    internal override void Open()
    {
        if (Definition.LabelNames.Count == 0)
            With([]);
        lock (_lock)
            _create ??= _open();
    }

    private TCell AddSlow(ReadOnlySpan<string?> values)
    {
        if (values.Length != Definition.LabelNames.Count)
            throw new ArgumentException($"{Definition.Name} has the {Definition.LabelNames.Count} labels {Definition.LabelNames}, but {values.Length} values were given.", nameof(values));
        return (IsFull ? FindClean(values) : FindOrAdd(LabelValues.Clean(values))) ?? Drop();
    }

    // Another thread was first, or cleaning made the values those of a known series.
    private TCell? FindOrAdd(string[] clean)
    {
        lock (_lock)
        {
            if (_cells.Find(clean) is { } known)
                return known;
            if (HasRoom)
                return Add(clean);
            if (_overflow is null)
                AddOverflow();
            return null;
        }
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

    // Outside of the lock: it is counted in another family, and told to others.
    private TCell Drop()
    {
        Interlocked.Increment(ref _dropped);
        (Volatile.Read(ref _drops) ?? FirstDrop())?.Increment();
        return _overflow!;
    }

    private Counter? FirstDrop()
    {
        var counter = _overflows?.CounterOf(Definition.Name);
        if (counter is not null && Interlocked.CompareExchange(ref _drops, counter, null) is null)
            _overflows!.Add(Definition.Name, Limit);
        return _drops;
    }

    private void AddOverflow()
    {
        var values = new string[Definition.LabelNames.Count];
        Array.Fill(values, Overflow);
        var cell = _cells.Find(values);
        if (cell is null)
            (cell, _extra) = (Add(values), 1);
        Volatile.Write(ref _overflow, cell);
    }

    private TCell Add(string[] values)
    {
        var cell = (_create ??= _open())(new ValueList<string>(values));
        _cells.Add(values, cell);
        return cell;
    }
}
