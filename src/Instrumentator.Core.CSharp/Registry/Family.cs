using System.Diagnostics.CodeAnalysis;

namespace Instrumentator;

/// <summary>A metric family: a name and its series, each with its label values and its cell.</summary>
/// <remarks>Safe for use by many threads. Series are in the order of their first use.</remarks>
public abstract class Family
{
    private protected Family(FamilyDefinition definition, bool isOwn) => (Definition, IsOwn) = (definition, isOwn);

    /// <summary>Gets the definition of the family.</summary>
    public FamilyDefinition Definition { get; }

    /// <summary>Whether the built-in backend stores the values: writing there cannot fail.</summary>
    internal bool IsOwn { get; }

    /// <summary>Whether the library itself records in the family. It keeps the cells of its series, so they cannot be
    /// removed.</summary>
    internal bool IsBuiltIn { get; set; }

    /// <summary>The number of series.</summary>
    internal abstract int Count { get; }

    /// <summary>The maximum number of series, besides the overflow series. Existing series stay when it
    /// falls.</summary>
    internal abstract int Limit { get; set; }

    /// <summary>Whether scrapes contain the family.</summary>
    internal abstract bool IsOpen { get; }

    /// <summary>Returns the cell of the series with these label values.</summary>
    internal abstract Cell Find(ReadOnlySpan<string?> values);

    /// <summary>Adds a series at its initial value, unless the family has it or has a number of series
    /// already.</summary>
    /// <returns>Whether the family has the series.</returns>
    internal abstract bool TryAdd(ReadOnlySpan<string?> values, int maxSeries);

    /// <summary>Adds the family to scrapes, unless they contain it.</summary>
    /// <exception cref="InvalidOperationException">The name is taken in the backend.</exception>
    internal abstract void Open();
}

/// <summary>A metric family: a name and its series, each with its label values and its cell.</summary>
/// <typeparam name="TCell">The type of the cells.</typeparam>
/// <remarks>Safe for use by many threads. Series are in the order of their first use.</remarks>
public sealed class Family<TCell> : Family
    where TCell : Cell
{
    /// <summary>Each label value of the overflow series, which lookups over the limit share.</summary>
    internal const string Overflow = "_overflow";

    private readonly Func<Func<IReadOnlyList<string>, TCell>> _open;
    private readonly ValueList<string> _staticValues;
    private readonly Overflows? _overflows;
    private readonly Lock _lock = new();

    // Replaced when most of its series were removed.
    private SeriesTable<TCell> _cells = new();

    // Created on first use. From then on, scrapes contain the family.
    private Func<IReadOnlyList<string>, TCell>? _create;
    private int _limit;

    // Set by the first lookup over the limit. From then on, new label values take no lock while the family is full,
    // however many clients send.
    private TCell? _overflow;

    // 1 if the overflow series was added on top of the limit; 0 if a caller had already added it.
    private int _extra;
    private Counter? _drops;

    /// <summary>Creates a family that no scrape contains yet: see <see cref="Open"/>.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="open">Returns the function that creates cells. Called once, on first use.</param>
    /// <param name="limit">The maximum number of series.</param>
    /// <param name="isOwn">Whether the built-in backend stores the values.</param>
    /// <param name="staticValues">The values of the last labels, which are the same for all series.</param>
    /// <param name="overflows">Notified when the family is full; null for none.</param>
    internal Family(
        FamilyDefinition definition,
        Func<Func<IReadOnlyList<string>, TCell>> open,
        int limit,
        bool isOwn,
        ValueList<string> staticValues,
        Overflows? overflows) : base(definition, isOwn) =>
        (_open, _limit, _staticValues, _overflows) = (open, limit, staticValues, overflows);

    /// <summary>Returns the cell of the series with this value of the only label.</summary>
    /// <param name="value">Any text; null is empty text.</param>
    /// <exception cref="ArgumentException">The family does not have exactly one label.</exception>
    public TCell With(string? value) => With([value]);

    /// <summary>Returns the cell of the series with these values of the two labels.</summary>
    /// <param name="first">The value of the first label. Any text; null is empty text.</param>
    /// <param name="second">The value of the second label.</param>
    /// <exception cref="ArgumentException">The family does not have exactly two labels.</exception>
    public TCell With(string? first, string? second) => With([first, second]);

    /// <summary>Returns the cell of the series with these values of the three labels.</summary>
    /// <param name="first">The value of the first label. Any text; null is empty text.</param>
    /// <param name="second">The value of the second label.</param>
    /// <param name="third">The value of the third label.</param>
    /// <exception cref="ArgumentException">The family does not have exactly three labels.</exception>
    public TCell With(string? first, string? second, string? third) => With([first, second, third]);

    /// <summary>Returns the cell of the series with these label values.</summary>
    /// <param name="values">A value for each label, in the order of the names. Any text; null is empty text.</param>
    /// <returns>The same cell for the same values. Allocates nothing for a known series, unless a value is too
    /// long.</returns>
    /// <remarks>
    /// <para>Over the limit of the family or its registry, new label values share one series whose values are all
    /// <c>_overflow</c>, so that totals stay correct and memory stays bounded.</para>
    /// <para>A value of more than 1,024 UTF-16 characters is cut to that length, and its last character is then
    /// <c>…</c>. Long values with the same beginning share a series.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">There are more or fewer values than labels.</exception>
    public TCell With(params ReadOnlySpan<string?> values) => Cells.Find(values) ?? AddSlow(values);

    /// <summary>Returns the cell of the series with these labels, by name.</summary>
    /// <param name="labels">Each label of the family once, in any order.</param>
    /// <remarks>Allocates an array; <see cref="With(string?)"/> with the values in the order of the names allocates
    /// nothing.</remarks>
    /// <exception cref="ArgumentException">A label is missing, unknown or there twice.</exception>
    /// <example><code>orders.WithLabels(("country", "DE"), ("plan", "pro")).Increment();</code></example>
    public TCell WithLabels(params ReadOnlySpan<Label> labels)
    {
        var values = new string?[Labels];
        var names = Definition.LabelNames.Span[..Labels];
        var found = 0;
        foreach (var (name, value) in labels)
        {
            var index = names.IndexOf(name);
            if (index < 0 || values[index] is not null)
                ThrowWrongNames(labels);
            values[index] = value ?? "";
            found++;
        }
        if (found < Labels)
            ThrowWrongNames(labels);
        return With(values);
    }

    /// <summary>Removes the series with these label values, for example those of a tenant that has left.</summary>
    /// <param name="values">A value for each label, in the order of the names. Any text; null is empty text.</param>
    /// <returns>Whether there was such a series.</returns>
    /// <remarks>A cell that the app kept is detached: what it records goes nowhere, until <see cref="With(string?)"/>
    /// returns a new cell for these values, which starts at 0. So call <c>With</c> for each observation, or stop using
    /// the cell first. A scrape that runs meanwhile contains the series or does not.</remarks>
    /// <exception cref="ArgumentException">There are more or fewer values than labels.</exception>
    /// <exception cref="InvalidOperationException">The library itself records in the family.</exception>
    /// <example><code>queueLength.Remove("emails");</code></example>
    public bool Remove(params ReadOnlySpan<string?> values)
    {
        ThrowIfBuiltIn();
        ThrowIfWrongNumber(values);
        var clean = LabelValues.Clean(values);
        lock (_lock)
        {
            if (_cells.Remove(clean) is not { } cell)
                return false;
            OnRemoved(cell);
            if (_cells.IsSparse)
                Volatile.Write(ref _cells, _cells.WithoutRemoved());
            return true;
        }
    }

    /// <summary>Removes all series. See <see cref="Remove"/>.</summary>
    /// <exception cref="InvalidOperationException">The library itself records in the family.</exception>
    public void Clear()
    {
        ThrowIfBuiltIn();
        lock (_lock)
        {
            var all = _cells.All;
            Volatile.Write(ref _cells, new SeriesTable<TCell>());
            foreach (var (_, cell) in all)
                OnRemoved(cell);
        }
    }

    internal override bool IsOpen => Volatile.Read(ref _create) is not null;

    internal override int Count => Cells.Count;

    internal override int Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    // The number of values that callers specify.
    private int Labels => Definition.LabelNames.Count - _staticValues.Count;

    private SeriesTable<TCell> Cells => Volatile.Read(ref _cells);

    private bool HasRoom => Cells.Count < (long)Limit + _extra;

    internal override Cell Find(ReadOnlySpan<string?> values) => With(values);

    internal override bool TryAdd(ReadOnlySpan<string?> values, int maxSeries)
    {
        ReadOnlySpan<string?> clean = LabelValues.AreClean(values) ? values : LabelValues.Clean(values);
        if (Cells.Find(clean) is null && Count >= maxSeries)
            return false;
        With(clean);
        return true;
    }

    internal override void Open()
    {
        if (Labels == 0)
            With([]);
        lock (_lock)
            _create ??= _open();
    }

    private TCell AddSlow(ReadOnlySpan<string?> values)
    {
        ThrowIfWrongNumber(values);
        ReadOnlySpan<string?> clean = LabelValues.AreClean(values) ? values : LabelValues.Clean(values);

        // The series may exist: cleaning made the values those of a known one, or another thread has just added it,
        // perhaps as the last one that had room. So the family is searched again after it was seen to be full.
        if (Volatile.Read(ref _overflow) is { } overflow && !HasRoom)
            return Cells.Find(clean) ?? Drop(overflow);
        var (cell, isOverflow) = FindOrAdd(clean);
        return isOverflow ? Drop(cell) : cell;
    }

    private (TCell Cell, bool IsOverflow) FindOrAdd(ReadOnlySpan<string?> clean)
    {
        lock (_lock)
        {
            return (_cells.Find(clean) ?? (HasRoom ? Add(LabelValues.Clean(clean)) : null)) is { } cell
                ? (cell, false)
                : (_overflow ?? AddOverflow(), true);
        }
    }

    // Outside the lock, because it counts in another family and notifies watchers.
    private TCell Drop(TCell overflow)
    {
        (Volatile.Read(ref _drops) ?? FirstDrop())?.Increment();
        return overflow;
    }

    private Counter? FirstDrop()
    {
        var counter = _overflows?.CounterOf(Definition.Name);
        if (counter is not null && Interlocked.CompareExchange(ref _drops, counter, null) is null)
            _overflows!.Add(Definition.Name, Limit);
        return _drops;
    }

    private TCell AddOverflow()
    {
        var values = new string[Labels];
        Array.Fill(values, Overflow);
        var cell = _cells.Find(values);
        if (cell is null)
            (cell, _extra) = (Add(values), 1);
        Volatile.Write(ref _overflow, cell);
        return cell;
    }

    private TCell Add(string[] values)
    {
        var cell = (_create ??= _open())(InFull(values));
        _cells.Add(values, cell);
        return cell;
    }

    private ValueList<string> InFull(string[] values) =>
        _staticValues.Count == 0 ? new ValueList<string>(values) : [.. values, .. _staticValues];

    private void OnRemoved(TCell cell)
    {
        if (ReferenceEquals(cell, _overflow))
            (_overflow, _extra) = (null, 0);
        cell.OnRemoved();
    }

    private void ThrowIfWrongNumber(ReadOnlySpan<string?> values)
    {
        if (values.Length != Labels)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{Definition.Name} has {Labels} labels, ")
                + $"{ValueList.From(Definition.LabelNames.Take(Labels))}, "
                + $"but {values.Length} values were specified.",
                nameof(values));
        }
    }

    [DoesNotReturn]
    private void ThrowWrongNames(ReadOnlySpan<Label> labels) => throw new ArgumentException(
        $"{Definition.Name} has the labels {ValueList.From(Definition.LabelNames.Take(Labels))}, "
        + $"but {ValueList.From(labels.ToArray().Select(label => label.Name))} were specified. "
        + "Specify each label once.",
        nameof(labels));

    private void ThrowIfBuiltIn()
    {
        if (IsBuiltIn)
        {
            throw new InvalidOperationException(
                $"The series of {Definition.Name} cannot be removed: the library records in it and keeps its cells, so "
                + "later requests would be lost. Exclude handlers, use fewer labels, or limit the series by "
                + "Registry.LimitSeries.");
        }
    }
}
