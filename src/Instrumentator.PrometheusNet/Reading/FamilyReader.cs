using System.Text;

namespace Instrumentator;

/// <summary>Collects the lines of one family.</summary>
/// <param name="name">The name on its metadata lines, where OpenMetrics omits a counter's <c>_total</c>.</param>
internal sealed class FamilyReader(string name)
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);
    private readonly List<SeriesReader> _series = [];
    private readonly Dictionary<string, SeriesReader> _byLabels = new(StringComparer.Ordinal);
    private bool _isTotal;

    public string Name => name;

    /// <summary>Gets or sets the help text; null until a line has it.</summary>
    public string? Help { get; set; }

    /// <summary>Gets or sets the kind; null until a line has it.</summary>
    public MetricKind? Kind { get; set; }

    public bool HasSamples => _series.Count > 0;

    /// <summary>Whether a sample is of this family: its name, alone or with a suffix of its kind.</summary>
    public bool Has(ReadOnlySpan<byte> sampleName) =>
        sampleName.StartsWith(_name) && IsSuffix(Encoding.UTF8.GetString(sampleName[_name.Length..]));

    /// <summary>Adds a line.</summary>
    /// <exception cref="FormatException">A number or a label is invalid.</exception>
    public void Add(SampleLine line)
    {
        var suffix = line.Name[_name.Length..];
        if (suffix.SequenceEqual("_created"u8))
            return;
        _isTotal |= suffix.SequenceEqual("_total"u8);
        SeriesOf(LabelPairs.SplitOff(line.Labels, LabelOfFormat, out var at)).Add(suffix, at, line);
    }

    public FamilySnapshot ToSnapshot()
    {
        var buckets = Kind == MetricKind.Histogram && HasSamples ? _series[0].Bounds : [];
        var labels = HasSamples ? _series[0].Labels.Names : [];
        var definition = new FamilyDefinition(FullName, Help ?? "", Kind ?? MetricKind.Unknown, labels, buckets);
        return new FamilySnapshot(
            definition,
            ValueList.From(_series.Select(series => new Sample(series.Labels, series.ToValue(definition)))));
    }

    // Prometheus's own format has the suffix in the family's name. A counter without samples is treated as OpenMetrics.
    private string FullName => _isTotal || Kind == MetricKind.Counter && !HasSamples ? name + Names.TotalSuffix : name;

    /// <summary>The label that the format adds to samples of this kind.</summary>
    private ReadOnlySpan<byte> LabelOfFormat => Kind switch
    {
        MetricKind.Histogram => "le"u8,
        MetricKind.Summary => "quantile"u8,
        _ => default
    };

    private bool IsSuffix(string suffix) => suffix.Length == 0 || Kind switch
    {
        MetricKind.Counter => suffix is "_total" or "_created",
        MetricKind.Histogram => suffix is "_bucket" or "_count" or "_sum" or "_created",
        MetricKind.Summary => suffix is "_count" or "_sum" or "_created",
        _ => false,
    };

    // Lines of a series follow each other, so it is nearly always the last series.
    private SeriesReader SeriesOf(ReadOnlySpan<byte> labels)
    {
        if (_series.Count > 0 && _series[^1].HasText(labels))
            return _series[^1];
        var key = Encoding.UTF8.GetString(labels);
        if (_byLabels.TryGetValue(key, out var known))
            return known;
        var series = new SeriesReader(labels, LabelOfFormat);
        _series.Add(series);
        return _byLabels[key] = series;
    }
}
