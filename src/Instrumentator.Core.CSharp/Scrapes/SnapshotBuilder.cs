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

    public void Counter(LabelSet labels, double value, Exemplar? exemplar = null, double? created = null) =>
        Add(labels, new SampleValue.Counter(value) { Exemplar = exemplar }, created);

    public void Gauge(LabelSet labels, double value) => Add(labels, new SampleValue.Gauge(value), null);

    public void Histogram(LabelSet labels, in HistogramReading reading) =>
        Add(labels, reading.ToValue(), reading.Created);

    public void Summary(
        LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null, double? created = null) =>
        Add(labels, new SampleValue.Summary(count, sum) { Quantiles = quantiles ?? [] }, created);

    public void End()
    {
        Close();
        Families = ValueList.From(_families);
    }

    private void Add(LabelSet labels, SampleValue value, double? created) =>
        _samples.Add(new Sample(labels, value) { Created = created });

    private void Close()
    {
        if (_family is not null)
            _families.Add(new FamilySnapshot(_family, ValueList.From(_samples)));
        _samples.Clear();
    }
}
