using Google.Protobuf;

namespace Instrumentator.Properties.Reference;

/// <summary>A family read from protobuf.</summary>
internal sealed record ReadFamily(
    string Name, string Help, MetricKind Kind, string? Unit, ValueList<ReadMetric> Metrics);

/// <summary>A series read from protobuf.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Value">Its value.</param>
/// <param name="Exemplars">The exemplars that belong to no classic bucket.</param>
/// <param name="Created">When it began, in seconds since 1970; null if it does not tell.</param>
internal sealed record ReadMetric(
    ValueList<Label> Labels, SampleValue Value, ValueList<Exemplar> Exemplars, double? Created);

/// <summary>Reads families with Google's reader of the wire format, by the field numbers of
/// https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto.</summary>
internal static class ProtobufReader
{
    public static IReadOnlyList<ReadFamily> Read(byte[] bytes)
    {
        var input = new CodedInputStream(bytes);
        var families = new List<ReadFamily>();
        while (!input.IsAtEnd)
            families.Add(Family(Message.Read(input.ReadBytes())));
        return families;
    }

    private static ReadFamily Family(Message family)
    {
        var kind = family.Varint(3) switch
        {
            0 => MetricKind.Counter,
            1 => MetricKind.Gauge,
            2 => MetricKind.Summary,
            3 => MetricKind.Unknown,
            4 => MetricKind.Histogram,
            var other => throw new FormatException($"There is not a type {other}."),
        };
        return new(
            family.Text(1),
            family.Text(2),
            kind,
            family.Has(5) ? family.Text(5) : null,
            [.. family.Messages(4).Select(metric => Metric(metric, kind))]);
    }

    private static ReadMetric Metric(Message metric, MetricKind kind)
    {
        var value = metric.Messages(kind switch
        {
            MetricKind.Gauge => 2,
            MetricKind.Counter => 3,
            MetricKind.Summary => 4,
            MetricKind.Unknown => 5,
            _ => 7,
        }).Single();
        return new(Labels(metric), kind switch
        {
            MetricKind.Counter => new SampleValue.Counter(value.Double(1))
            {
                Exemplar = value.Messages(2).Select(Exemplar).SingleOrDefault(),
            },
            MetricKind.Summary => new SampleValue.Summary((long)value.Varint(1), value.Double(2))
            {
                Quantiles = [.. value.Messages(3).Select(one => new Quantile(one.Double(1), one.Double(2)))],
            },
            MetricKind.Histogram => Histogram(value),
            _ => new SampleValue.Gauge(value.Double(1)),
        }, kind == MetricKind.Histogram ? [.. value.Messages(16).Select(Exemplar)] : [], Created(value, kind));
    }

    private static double? Created(Message value, MetricKind kind) => kind switch
    {
        MetricKind.Counter => Time(value, 3),
        MetricKind.Summary => Time(value, 4),
        MetricKind.Histogram => Time(value, 15),
        _ => null,
    };

    private static SampleValue.Histogram Histogram(Message histogram)
    {
        var buckets = histogram.Messages(3);
        var counts = buckets.Select(bucket => (long)bucket.Varint(1)).ToArray();
        Assert.True(counts.Length == 0 || counts[^1] == (long)histogram.Varint(1));
        var exemplars = buckets.Select(bucket => bucket.Messages(3).Select(Exemplar).SingleOrDefault()).ToArray();
        return new(
            counts.Length == 0
                ? [(long)histogram.Varint(1)]
                : [.. counts.Select((count, i) => i == 0 ? count : count - counts[i - 1])],
            histogram.Double(2))
        {
            Buckets = [.. buckets.Select(bucket => bucket.Double(2)).Where(double.IsFinite)],
            Exemplars = exemplars.Any(one => one is not null) ? [.. exemplars] : [],
            Native = IsNative(histogram) ? Native(histogram) : null,
        };
    }

    // The rule of Prometheus's own reader; the presence of a schema does not matter.
    private static bool IsNative(Message histogram) =>
        histogram.Has(6) && histogram.Double(6) > 0
        || histogram.Has(7) && histogram.Varint(7) > 0
        || histogram.Has(9)
        || histogram.Has(12);

    private static NativeHistogram Native(Message histogram) => new(
        (int)Message.ZigZag(histogram.Varint(5)),
        histogram.Double(6),
        (long)histogram.Varint(7),
        Buckets(histogram, 9, 10),
        Buckets(histogram, 12, 13));

    private static ValueList<NativeBucket> Buckets(Message histogram, int spans, int deltas)
    {
        var counts = new List<long>();
        foreach (var delta in histogram.Varints(deltas).Select(Message.ZigZag))
            counts.Add((counts.Count == 0 ? 0 : counts[^1]) + delta);
        var indexes = new List<int>();
        foreach (var span in histogram.Messages(spans))
        {
            var first = (int)Message.ZigZag(span.Varint(1)) + (indexes.Count == 0 ? 0 : indexes[^1] + 1);
            indexes.AddRange(Enumerable.Range(first, (int)span.Varint(2)));
        }
        Assert.Equal(counts.Count, indexes.Count);
        return [.. indexes.Zip(counts, (index, count) => new NativeBucket(index, count))];
    }

    private static Exemplar Exemplar(Message exemplar) => new(
        Labels(exemplar),
        exemplar.Double(2),
        Time(exemplar, 3));

    private static double? Time(Message message, int field) => message.Messages(field)
        .Select(time => (double?)((long)time.Varint(1) + (time.Varint(2) / 1e9)))
        .SingleOrDefault();

    private static ValueList<Label> Labels(Message message) =>
        [.. message.Messages(1).Select(label => new Label(label.Text(1), label.Text(2)))];

    /// <summary>The fields of a message by number.</summary>
    private sealed class Message
    {
        private readonly List<(int Field, object Value)> _fields = [];

        public static long ZigZag(ulong number) => (long)(number >> 1) ^ -(long)(number & 1);

        public static Message Read(ByteString bytes)
        {
            var (input, message) = (bytes.CreateCodedInput(), new Message());
            while (input.ReadTag() is var tag && tag != 0)
            {
                message._fields.Add((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
                {
                    WireFormat.WireType.Varint => input.ReadUInt64(),
                    WireFormat.WireType.Fixed64 => input.ReadDouble(),
                    WireFormat.WireType.LengthDelimited => input.ReadBytes(),
                    var other => throw new FormatException($"No field is of the wire type {other}."),
                }));
            }
            return message;
        }

        public bool Has(int field) => _fields.Exists(one => one.Field == field);

        public ulong Varint(int field) => Only<ulong>(field);

        public double Double(int field) => Only<double>(field);

        public string Text(int field) => Only<ByteString>(field).ToStringUtf8();

        public IEnumerable<ulong> Varints(int field) => All<ulong>(field);

        public IReadOnlyList<Message> Messages(int field) => [.. All<ByteString>(field).Select(Read)];

        private T Only<T>(int field) => All<T>(field).Single();

        private IEnumerable<T> All<T>(int field) =>
            _fields.Where(one => one.Field == field).Select(one => (T)one.Value);
    }
}
