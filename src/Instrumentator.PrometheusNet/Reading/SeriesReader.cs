using System.Runtime.InteropServices;
using System.Text;

namespace Instrumentator;

/// <summary>Collects the lines of one series.</summary>
internal sealed class SeriesReader
{
    private readonly byte[] _text;
    private readonly List<Point> _points = [];
    private long _count;
    private double _value;
    private Exemplar? _exemplar;

    /// <summary>Creates a series without lines.</summary>
    /// <param name="labels">Its labels as in the text, without the label that the format adds.</param>
    /// <param name="labelOfFormat">The name of that label, which must not occur again.</param>
    /// <exception cref="FormatException">A name is invalid or occurs twice.</exception>
    public SeriesReader(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> labelOfFormat)
    {
        _text = labels.ToArray();
        var (names, values) = (new List<string>(), new List<string>());
        var pairs = new LabelPairs(labels);
        while (pairs.MoveNext())
        {
            var name = Encoding.UTF8.GetString(pairs.Name);
            if (!Names.IsLabel(name) || names.Contains(name) || pairs.Name.SequenceEqual(labelOfFormat))
                throw new FormatException($"\"{name}\" is no name of a label, or is there twice");
            names.Add(name);
            values.Add(pairs.Value);
        }
        Labels = new LabelSet(ValueList.From(names), values);
    }

    public LabelSet Labels { get; }

    /// <summary>Gets the upper bounds of its buckets, without <c>+Inf</c>.</summary>
    public ValueList<double> Bounds => ValueList.From(Points.Select(point => point.At).Where(double.IsFinite));

    private IEnumerable<Point> Points => _points.OrderBy(point => point.At);

    public bool HasText(ReadOnlySpan<byte> labels) => labels.SequenceEqual(_text);

    /// <summary>Adds a line.</summary>
    /// <param name="suffix">The suffix after the family's name.</param>
    /// <param name="at">The upper bound or the quantile; null for none.</param>
    /// <param name="line">The line.</param>
    public void Add(ReadOnlySpan<byte> suffix, double? at, SampleLine line)
    {
        if (suffix.SequenceEqual("_count"u8))
            _count = NumberText.ReadCount(line.Value);
        else if (at is { } place)
            _points.Add(new Point(Checked(place), NumberText.Read(line.Value), ExemplarReader.Read(line.Exemplar)));
        else
            (_value, _exemplar) = (NumberText.Read(line.Value), ExemplarReader.Read(line.Exemplar));
    }

    public SampleValue ToValue(FamilyDefinition definition) => definition.Kind switch
    {
        MetricKind.Counter => new SampleValue.Counter(_value) { Exemplar = _exemplar },
        MetricKind.Histogram => ToHistogram(definition.Name, definition.Buckets),
        MetricKind.Summary => new SampleValue.Summary(_count, _value)
        {
            Quantiles = ValueList.From(_points.Select(point => new Quantile(point.At, point.Value)))
        },
        _ => new SampleValue.Gauge(_value),
    };

    // Buckets are cumulative in the text. Its _count is ignored: if a library records meanwhile, it may be of another
    // moment.
    private SampleValue.Histogram ToHistogram(string name, ValueList<double> bounds)
    {
        var (points, own) = (Points.ToArray(), Bounds);
        if (points is not [.., { At: double.PositiveInfinity }])
            throw new FormatException($"This series has no bucket +Inf, which every histogram has: {name}{Labels}");
        return new SampleValue.Histogram(
            ValueList.From(points.Select((point, i) =>
                (long)(i == 0 ? point.Value : point.Value - points[i - 1].Value))),
            _value)
        {
            Buckets = own.Equals(bounds) ? null : own,
            Exemplars = points.Any(point => point.Exemplar is not null)
                ? ValueList.From(points.Select(point => point.Exemplar))
                : [],
        };
    }

    private static double Checked(double place) =>
        place > double.NegativeInfinity
            ? place
            : throw new FormatException(
                FormattableString.Invariant($"{place} is neither an upper bound nor a quantile"));

    /// <summary>A bucket or a quantile.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Point(double At, double Value, Exemplar? Exemplar);
}
