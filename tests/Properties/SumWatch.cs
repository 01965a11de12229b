namespace Instrumentator.Properties;

/// <summary>Scrapes a registry with very many series during writes. Like <see cref="ScrapeWatch"/>, but keeps only the
/// last value of each series.</summary>
internal sealed class SumWatch(Registry registry) : IScrapeWriter, ISampleWriter
{
    private readonly List<List<double>> _last = [];
    private int _family = -1;
    private int _series;

    /// <summary>The number of series of each family, and the sum of their values.</summary>
    public IEnumerable<(int Series, double Sum)> Last => _last.Select(family => (family.Count, family.Sum()));

    public void Look() => registry.WriteToAsync(this, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public bool TakesNative => false;

    public ISampleWriter? Begin(FamilyDefinition family)
    {
        AssertNoneIsGone();
        (_family, _series) = (_family + 1, 0);
        if (_family == _last.Count)
            _last.Add([]);
        return this;
    }

    public void Counter(LabelSet labels, double value, Exemplar? exemplar = null, double? created = null) =>
        Note(value);

    public void Gauge(LabelSet labels, double value) { }

    public void Histogram(LabelSet labels, in HistogramReading reading)
    {
        var count = 0L;
        foreach (var one in reading.Counts)
            count += one;
        Note(count);
    }

    public void Summary(
        LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null, double? created = null) =>
        Note(count);

    public void End()
    {
        AssertNoneIsGone();
        _family = -1;
    }

    private void AssertNoneIsGone()
    {
        if (_family >= 0)
            Assert.Equal(_last[_family].Count, _series);
    }

    private void Note(double value)
    {
        var last = _last[_family];
        if (_series == last.Count)
            last.Add(0);
        if (value < last[_series])
            Assert.Fail($"Series {_series} of family {_family} fell from {last[_series]} to {value}.");
        last[_series++] = value;
    }
}
