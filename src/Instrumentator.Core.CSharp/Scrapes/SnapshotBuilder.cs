namespace Instrumentator;

/// <summary>A writer that creates a snapshot.</summary>
internal sealed class SnapshotBuilder : IScrapeWriter, ISampleWriter
{
    private readonly List<FamilySnapshot> _families = [];
    private readonly List<Sample> _samples = [];
    private FamilyDefinition? _family;

    public ValueList<FamilySnapshot> Families { get; private set; } = [];

    public bool TakesNative => true;

    public ISampleWriter? Begin(FamilyDefinition family)
    {
        Close();
        _family = family;
        return this;
    }

    public void Counter(LabelSet labels, double value, Exemplar? exemplar = null) =>
        _samples.Add(new Sample(labels, new SampleValue.Counter(value) { Exemplar = exemplar }));

    public void Gauge(LabelSet labels, double value) => _samples.Add(new Sample(labels, new SampleValue.Gauge(value)));

    public void Histogram(LabelSet labels, in HistogramReading reading) =>
        _samples.Add(new Sample(labels, reading.ToValue()));

    public void Summary(LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null) =>
        _samples.Add(new Sample(labels, new SampleValue.Summary(count, sum) { Quantiles = quantiles ?? [] }));

    public void End()
    {
        Close();
        Families = ValueList.From(_families);
    }

    private void Close()
    {
        if (_family is not null)
            _families.Add(new FamilySnapshot(_family, ValueList.From(_samples)));
        _samples.Clear();
    }
}
