namespace Instrumentator;

/// <summary>A family whose values callbacks return at each scrape.</summary>
/// <remarks>Its owner holds the lock while it changes.</remarks>
internal sealed class CallbackFamily(FamilyDefinition definition)
{
    private readonly OrderedDictionary<LabelSet, CallbackSeries> _series = [];

    public FamilyDefinition Definition => definition;

    public IReadOnlyList<CallbackSeries> Series => [.. _series.Values];

    public int Count => _series.Count;

    public bool Contains(LabelSet labels) => _series.ContainsKey(labels);

    /// <summary>Adds a series, or replaces the one with the same labels.</summary>
    public void Set(CallbackSeries series) => _series[series.Labels] = series;

    /// <summary>Removes a series. Returns false if another one has replaced it.</summary>
    public bool Remove(CallbackSeries series) =>
        _series.TryGetValue(series.Labels, out var current)
        && ReferenceEquals(current, series)
        && _series.Remove(series.Labels);
}

/// <summary>A series whose value a callback returns.</summary>
internal sealed class CallbackSeries
{
    private readonly FamilyDefinition _family;
    private readonly Func<double> _read;
    private SampleValue? _value;

    public CallbackSeries(FamilyDefinition family, LabelSet labels, Func<double> read, CallbackErrors errors)
    {
        (_family, Labels, _read) = (family, labels, read);
        Callback = new ScrapeCallback(family.Name, Read, errors);
    }

    public LabelSet Labels { get; }

    public ScrapeCallback Callback { get; }

    /// <summary>Forgets the value of the last scrape.</summary>
    public void Reset() => Volatile.Write(ref _value, null);

    /// <summary>Returns the sample; null if the callback failed.</summary>
    public Sample? ToSample() => Volatile.Read(ref _value) is { } value ? new Sample(Labels, value) : null;

    private ValueTask Read(CancellationToken cancellationToken)
    {
        var value = _read();
        if (_family.Kind == MetricKind.Counter && !(value >= 0 && double.IsFinite(value)))
        {
            throw new InvalidOperationException(
                FormattableString.Invariant($"The callback of {_family.Name} returned {value}, ")
                + "but the total of a counter is finite and 0 or more. Return a total, or use a gauge.");
        }
        Volatile.Write(
            ref _value,
            _family.Kind == MetricKind.Counter ? new SampleValue.Counter(value) : new SampleValue.Gauge(value));
        return ValueTask.CompletedTask;
    }
}
