using System.Diagnostics.Metrics;

namespace Instrumentator;

/// <summary>The metric of one instrument, or of several with the same name and kind, whose measurements it
/// joins.</summary>
/// <param name="first">The first instrument.</param>
/// <param name="kind">Its kind.</param>
/// <param name="definition">The definition of the metric.</param>
internal abstract class MeterFamily(Instrument first, InstrumentKind kind, FamilyDefinition definition)
{
    private long _failures;

    public FamilyDefinition Definition => definition;

    /// <summary>The maximum number of series.</summary>
    public abstract int Limit { get; set; }

    /// <summary>Creates the family of an instrument.</summary>
    public static MeterFamily Of(Instrument first, InstrumentKind kind, FamilyDefinition definition)
    {
        var bounds = new UpperBounds(definition.Buckets.Span);
        return kind switch
        {
            InstrumentKind.Counter => new RecordedFamily<CounterCell>(
                first, kind, definition, () => new(), static (cell, value) => cell.Increment(value)),
            InstrumentKind.UpDownCounter => new RecordedFamily<GaugeCell>(
                first, kind, definition, () => new(), static (cell, value) => cell.Add(value)),
            InstrumentKind.Gauge => new RecordedFamily<GaugeCell>(
                first, kind, definition, () => new(), static (cell, value) => cell.Set(value)),
            InstrumentKind.Histogram => new RecordedFamily<HistogramCell>(
                first, kind, definition, () => new(bounds), static (cell, value) => cell.Observe(value)),
            _ => new ObservedFamily(first, kind, definition),
        };
    }

    /// <summary>Takes a measurement. Never throws: the caller is the instrumented code.</summary>
    /// <param name="value">The value. Sums take only finite numbers, and counters no negative ones: others are
    /// dropped.</param>
    /// <param name="tags">The tags.</param>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!Accepts(value))
            return;
        try
        {
            Add(value, tags);
        }
#pragma warning disable CA1031 // Code of an app: a tag that has no text.
        catch (Exception)
#pragma warning restore CA1031
        {
            Interlocked.Increment(ref _failures);
        }
    }

    /// <summary>Returns the present values.</summary>
    public abstract FamilySnapshot Read();

    /// <summary>Returns the number of measurements that failed since the last call.</summary>
    public long TakeFailures() => Interlocked.Exchange(ref _failures, 0);

    /// <summary>Returns the number of lookups over the limit since the last call.</summary>
    public abstract long TakeDropped();

    /// <summary>Returns the first instrument in one line, for messages.</summary>
    public override string ToString() => $"{kind} \"{first.Name}\" of the meter \"{first.Meter.Name}\"";

    protected abstract void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    private bool Accepts(double value) => kind switch
    {
        InstrumentKind.Gauge or InstrumentKind.ObservableGauge => true,
        InstrumentKind.Counter or InstrumentKind.ObservableCounter => value >= 0 && double.IsFinite(value),
        _ => double.IsFinite(value),
    };
}

/// <summary>The metric of an instrument that the instrumented code calls.</summary>
/// <param name="first">The first instrument.</param>
/// <param name="kind">Its kind.</param>
/// <param name="definition">The definition of the metric.</param>
/// <param name="create">Creates a cell.</param>
/// <param name="record">Writes a measurement to a cell.</param>
internal sealed class RecordedFamily<TCell>(
    Instrument first,
    InstrumentKind kind,
    FamilyDefinition definition,
    Func<TCell> create,
    Action<TCell, double> record) : MeterFamily(first, kind, definition)
    where TCell : class, IReadCell
{
    private readonly TaggedSeries<TCell> _series = new(definition.ReservedLabel, create);

    public override int Limit
    {
        get => _series.Limit;
        set => _series.Limit = value;
    }

    public override FamilySnapshot Read()
    {
        var snapshot = new SnapshotBuilder();
        snapshot.Begin(Definition);
        foreach (var (labels, cell, created) in _series.All)
            cell.WriteTo(snapshot, labels, created);
        snapshot.End();
        return snapshot.Families[0];
    }

    public override long TakeDropped() => _series.TakeDropped();

    protected override void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        record(_series.Of(tags), value);
}

/// <summary>The metric of an instrument that is asked for its values during a scrape, by one thread at a
/// time.</summary>
/// <param name="first">The first instrument.</param>
/// <param name="kind">Its kind.</param>
/// <param name="definition">The definition of the metric.</param>
internal sealed class ObservedFamily(Instrument first, InstrumentKind kind, FamilyDefinition definition)
    : MeterFamily(first, kind, definition)
{
    private readonly TaggedSeries<Observation> _series = new(reserved: null, () => new());
    private readonly bool _isSum = kind != InstrumentKind.ObservableGauge;

    public override int Limit
    {
        get => _series.Limit;
        set => _series.Limit = value;
    }

    /// <summary>Forgets the values of the last scrape.</summary>
    public void Begin()
    {
        foreach (var (_, observation, _) in _series.All)
            observation.Value = null;
    }

    /// <summary>Returns the values since <see cref="Begin"/>. Series without one are gone.</summary>
    public override FamilySnapshot Read()
    {
        _series.Remove(observation => observation.Value is null);
        return new(Definition, ValueList.From(
            _series.All.Select(series => new Sample(series.Labels, ValueOf(series.Cell.Value!.Value)))));
    }

    public override long TakeDropped() => _series.TakeDropped();

    // Several instruments, or one over the limit, may have the same series.
    protected override void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var observation = _series.Of(tags);
        observation.Value = _isSum ? (observation.Value ?? 0) + value : value;
    }

    private SampleValue ValueOf(double value) => Definition.Kind == MetricKind.Counter
        ? new SampleValue.Counter(value)
        : new SampleValue.Gauge(value);

    private sealed class Observation
    {
        public double? Value { get; set; }
    }
}
