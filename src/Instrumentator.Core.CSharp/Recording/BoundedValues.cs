namespace Instrumentator;

/// <summary>All bounded values that the labels of a running instrumentation use. The values of a request are one
/// number, its combination.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class BoundedValues
{
    // Beyond this, a combination and a group do not fit into one 128-bit number.
    private static readonly UInt128 _maxCombinations = UInt128.One << 96;

    private readonly BoundedValue[] _values;
    private readonly Bulkhead?[] _bulkheads;
    private readonly Action<BoundedValue, Exception?> _report;

    private BoundedValues(BoundedValue[] values, Action<BoundedValue, Exception?> report)
    {
        (_values, _report, Combinations) = (values, report, 1);
        _bulkheads = Array.ConvertAll(values, value => value.Function is { } function ? Bulkhead.Of(function) : null);
        foreach (var value in values)
            Combinations = Combinations > _maxCombinations ? Combinations : Combinations * (uint)value.Count;
    }

    /// <summary>The number of combinations.</summary>
    public UInt128 Combinations { get; private set; }

    /// <summary>Whether combinations have numbers. They do, unless there are a dozen long lists.</summary>
    public bool AreNumbered => Combinations <= _maxCombinations;

    /// <summary>Returns the values of some labels; null for none.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="registry">The registry of the series.</param>
    /// <param name="report">Receives exceptions of their functions.</param>
    public static BoundedValues? Of(
        IEnumerable<RequestLabel> labels, Registry registry, Action<BoundedValue, Exception?> report)
    {
        var distinct = labels.Select(label => label.Bounded).OfType<BoundedValue>().Distinct();
        var values = distinct.Select(value => value.Start(LabelTexts.Of(registry).ErrorTypes)).ToArray();
        return values.Length == 0 ? null : new BoundedValues(values, report);
    }

    /// <summary>Returns the combination of a request. Never throws, and allocates nothing.</summary>
    public UInt128 CombinationOf(in LabelSource source)
    {
        var combination = UInt128.Zero;
        for (var i = 0; i < _values.Length; i++)
            combination = combination * (uint)_values[i].Count + (uint)IndexOf(i, source);
        return combination;
    }

    /// <summary>Returns the texts of a combination.</summary>
    public BoundedTexts TextsOf(UInt128 combination)
    {
        var rest = combination;
        var texts = new string[_values.Length];
        for (var i = texts.Length - 1; i >= 0; i--)
        {
            var count = (uint)_values[i].Count;
            texts[i] = _values[i][(int)(rest % count)];
            rest /= count;
        }
        return new BoundedTexts(_values, texts, combination);
    }

    /// <summary>Returns the texts of a request.</summary>
    public BoundedTexts TextsOf(LabelSource source) =>
        new(_values, [.. _values.Select((value, i) => value[IndexOf(i, source)])]);

    // 0 (other) when its function is left out because it hangs. A header never hangs.
    private int IndexOf(int index, in LabelSource source)
    {
        var (value, bulkhead) = (_values[index], _bulkheads[index]);
        var place = 0;
        if (bulkhead?.TryEnter(out place) is false)
        {
            _report(value, null);
            return 0;
        }
        var text = value.IndexOf(source, out var exception);
        bulkhead?.Leave(place);
        if (exception is not null)
            _report(value, exception);
        return text;
    }
}
