namespace Instrumentator;

/// <summary>Reads a family that is not about requests, such as a metric of the app itself.</summary>
internal sealed class OwnReader(OwnHistory history, OwnSource source, FamilyDefinition family)
    : FamilyReader<OwnSeries?>
{
    private readonly LatencyBounds _bounds = LatencyBounds.Of(family);

    public override bool TakesNative => _bounds.IsNative;

    public override void Counter(LabelSet labels, double value, Exemplar? exemplar = null, double? created = null) =>
        Set(labels, value);

    public override void Gauge(LabelSet labels, double value) => Set(labels, value);

    public override void Summary(
        LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null, double? created = null) =>
        Set(labels, count, sum);

    public override void Histogram(LabelSet labels, in HistogramReading reading)
    {
        if (Set(labels, CountOf(reading), reading.Sum) is not { } series)
            return;
        var buckets = history.Numbers[series.Buckets];
        buckets.Clear();

        // A collector may give a series buckets of its own, which those of the family do not describe.
        if (reading.Buckets is null)
            _bounds.AddTo(buckets, reading);
    }

    protected override bool TakesNew => !history.IsFull;

    protected override OwnSeries? Find(ValueList<string> values) => history.Find(family, _bounds, values, source);

    private OwnSeries? Set(LabelSet labels, params ReadOnlySpan<double> values)
    {
        var series = TargetOf(labels);
        source.Saw(series);
        if (series is not null)
            values.CopyTo(history.Numbers[series.Range]);
        return series;
    }
}

/// <summary>Where series come from: the registry itself, or its callbacks and collectors.</summary>
/// <param name="isAlwaysRead">Whether it is read from the start of the app on: a new series then grew from 0.</param>
internal sealed class OwnSource(bool isAlwaysRead)
{
    private readonly List<OwnSeries> _found = [];
    private long _reading;

    /// <summary>The number of series in the last reading that have no history.</summary>
    public int Missing { get; private set; }

    public void Begin()
    {
        _reading++;
        Missing = 0;
        _found.Clear();
    }

    /// <summary>Skips a reading: no series is there until the next one, which finds all of them anew.</summary>
    public void Pause() => _reading += 2;

    /// <summary>Whether the last reading contained a series.</summary>
    public bool Has(OwnSeries series) => series.LastSeen == _reading;

    /// <summary>The series that the last reading contained and the one before did not: their increase is
    /// unknown.</summary>
    public IReadOnlyList<OwnSeries> Found => _found;

    public void Saw(OwnSeries? series)
    {
        if (series is null)
        {
            Missing++;
            return;
        }
        if (!isAlwaysRead && series.LastSeen < _reading - 1)
            _found.Add(series);
        series.LastSeen = _reading;
    }
}
