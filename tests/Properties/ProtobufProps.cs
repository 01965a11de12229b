using System.Buffers;
using System.Globalization;
using Google.Protobuf;
using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>Protobuf, read back with another library's reader of the wire format.</summary>
public class ProtobufProps
{
    private const int Times = 5;

    [Property]
    public void What_is_written_is_read_back_as_the_snapshot_that_it_was(Snapshot snapshot)
    {
        var families = ProtobufReader.Read(Bytes(snapshot));
        Assert.Equal(
            snapshot.Families.Select(family => (
                family.Definition.Name,
                SlowWriter.Clean(family.Definition.Help),
                family.Definition.Kind,
                OpenMetricsView.UnitOf(family.Definition))),
            families.Select(family => (family.Name, family.Help, family.Kind, family.Unit)));
        Assert.All(snapshot.Families.Zip(families), pair => Assert.Equal(
            pair.First.Samples.Select(sample => Expected(pair.First.Definition, sample)),
            pair.Second.Metrics));
    }

    // The writer takes the text from the labels of the text formats, which are quoted and escaped.
    [Property(MaxTest = 2_000)]
    public Property Labels_of_any_text_are_read_back() =>
        Prop.ForAll(Arb.From(Gen.Zip(Generators.Utf8Names, Generators.Utf8Names).ListOf()), labels =>
        {
            var distinct = labels.DistinctBy(label => label.Item1).ToArray();
            var set = new LabelSet(
                ValueList.From(distinct.Select(label => label.Item1)),
                [.. distinct.Select(label => label.Item2)]);
            Assert.Equal(distinct.Select(label => new Label(label.Item1, label.Item2)), ReadBack(set));
        });

    // A length below 128 takes one byte, and such labels are copied unchanged.
    [Fact]
    public void Labels_of_any_length_are_read_back()
    {
        int[] lengths = [1, 2, 60, 61, 62, 63, 64, 123, 124, 125, 126, 127, 128, 129, 300, 20_000];
        foreach (var (name, value) in from name in lengths from value in lengths.Prepend(0) select (name, value))
        {
            Label[] labels =
            [
                new(new('n', name), new('v', value)),
                new("b", new('ä', value)),
                new("ä" + new string('n', name), "x\\"[..(value % 3)]),
            ];
            Assert.Equal(
                labels,
                ReadBack(new LabelSet(
                    ValueList.From(labels.Select(label => label.Name)),
                    [.. labels.Select(label => label.Value)])));
            Assert.Equal(
                labels[..2],
                ReadBack(new LabelSet(
                    ValueList.From(labels[..2].Select(label => label.Name)),
                    [.. labels[..2].Select(label => label.Value)])));
        }
    }

    [Property]
    public Property Counts_of_any_size_are_read_back() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 62).ListOf(3)), bits =>
        {
            long[] counts = [(1L << bits[0]) - 1, bits[1] < 62 ? 1L << bits[1] : 0, bits[2]];
            var family = new FamilyDefinition("a", "", MetricKind.Histogram, [], [0.5, 1]);
            var buffer = new ArrayBufferWriter<byte>();
            var histogram = new SampleValue.Histogram(ValueList.From(counts), 2.5);
            ExpositionFormat.Protobuf.Write(new Snapshot([new(family, [new(LabelSet.Empty, histogram)])]), buffer);
            var read = ProtobufReader.Read(buffer.WrittenSpan.ToArray()).Single().Metrics.Single();
            Assert.Equal(
                Expected(family, new(LabelSet.Empty, new SampleValue.Histogram(ValueList.From(counts), 2.5))),
                read);
        });

    // Lengths around those whose encoding takes one more byte. If a message has another length than expected, the
    // writer moves it.
    [Property]
    public Property Nested_messages_match_another_writer_whatever_length_was_expected()
    {
        var lengths = Gen.Elements(
            0, 1, 100, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 1_000,
            16_370, 16_376, 16_380, 16_383, 16_384, 16_390, 40_000);
        return Prop.ForAll(
            Arb.From(Gen.Three(lengths).NonEmptyListOf()),
            messages =>
            {
                var written = new ProtobufMessage();
                var expected = new MemoryStream();
                using (var output = new CodedOutputStream(expected, leaveOpen: true))
                {
                    foreach (var (length, outer, inner) in messages)
                    {
                        var text = new string('x', length);
                        var (begin, within) = (written.Begin(1, outer), written.Begin(2, inner));
                        written.Text(3, text);
                        written.End(within);
                        written.End(begin);
                        Write(output, 1, Message(2, Message(3, ByteString.CopyFromUtf8(text))));
                    }
                }
                var buffer = new ArrayBufferWriter<byte>();
                written.MoveTo(buffer);
                written.Free();
                Assert.Equal(expected.ToArray(), buffer.WrittenSpan.ToArray());
            });
    }

    // The buffer starts with 16 KiB and grows when a field does not fit. Each field is written several times, because
    // the first one may leave some room.
    [Theory]
    [InlineData("Double")]
    [InlineData("Integer")]
    [InlineData("Message")]
    [InlineData("Pair")]
    [InlineData("Text")]
    [InlineData("LongMessage")]
    public void Fields_that_make_the_buffer_grow_are_complete(string kind) =>
        Assert.All(Enumerable.Range(16_384 - 200, 210), length =>
        {
            var written = new ProtobufMessage();
            var expected = new MemoryStream();
            written.Text(3, new string('x', length));
            for (var i = 0; i < Times; i++)
                Write(written, kind);
            using (var output = new CodedOutputStream(expected, leaveOpen: true))
            {
                Write(output, 3, ByteString.CopyFromUtf8(new string('x', length)));
                for (var i = 0; i < Times; i++)
                    Write(output, kind);
            }
            var buffer = new ArrayBufferWriter<byte>();
            written.MoveTo(buffer);
            written.Free();
            Assert.Equal(expected.ToArray(), buffer.WrittenSpan.ToArray());
        });

    [Fact]
    public void Neither_snapshot_nor_output_may_be_null()
    {
        Assert.Throws<ArgumentNullException>(
            "snapshot", () => ExpositionFormat.Protobuf.Write(null!, new ArrayBufferWriter<byte>()));
        Assert.Throws<ArgumentNullException>("output", () => ExpositionFormat.Protobuf.Write(new Snapshot([]), null!));
    }

    [Fact]
    public void Protobuf_cannot_be_written_as_text()
    {
        foreach (var format in Enum.GetValues<NameEscaping>().Select(ExpositionFormat.Protobuf.With))
            Assert.Throws<InvalidOperationException>(() => format.ToText(new Snapshot([])));
    }

    private static void Write(ProtobufMessage message, string kind)
    {
        switch (kind)
        {
            case "Double":
                message.Double(1, 0.1);
                break;
            case "Integer":
                message.Integer(1, -1);
                break;
            case "Message":
                message.End(message.Begin(1));
                break;
            case "Pair":
                message.Pair(1, (2, long.MaxValue), (3, 0.1));
                break;
            case "Text":
                message.Text(1, "äöü");
                break;
            default:
                var begin = message.Begin(1);
                message.Text(2, new string('y', 130));
                message.End(begin);
                break;
        }
    }

    private static void Write(CodedOutputStream output, string kind)
    {
        switch (kind)
        {
            case "Double":
                output.WriteTag(1, WireFormat.WireType.Fixed64);
                output.WriteDouble(0.1);
                break;
            case "Integer":
                output.WriteTag(1, WireFormat.WireType.Varint);
                output.WriteInt64(-1);
                break;
            case "Message":
                Write(output, 1, ByteString.Empty);
                break;
            case "Pair":
                Write(output, 1, Pair());
                break;
            case "Text":
                Write(output, 1, ByteString.CopyFromUtf8("äöü"));
                break;
            default:
                Write(output, 1, Message(2, ByteString.CopyFromUtf8(new string('y', 130))));
                break;
        }
    }

    private static ByteString Pair()
    {
        var message = new MemoryStream();
        using (var output = new CodedOutputStream(message, leaveOpen: true))
        {
            output.WriteTag(2, WireFormat.WireType.Varint);
            output.WriteInt64(long.MaxValue);
            output.WriteTag(3, WireFormat.WireType.Fixed64);
            output.WriteDouble(0.1);
        }
        return ByteString.CopyFrom(message.ToArray());
    }

    private static ValueList<Label> ReadBack(LabelSet labels)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var family = new FamilyDefinition("a", "", MetricKind.Gauge, labels.Names, []);
        var snapshot = new Snapshot([new(family, [new(labels, new SampleValue.Gauge(1))])]);
        ExpositionFormat.Protobuf.With(NameEscaping.AllowUtf8).Write(snapshot, buffer);
        return ProtobufReader.Read(buffer.WrittenSpan.ToArray()).Single().Metrics.Single().Labels;
    }

    private static ByteString Message(int field, ByteString content)
    {
        var message = new MemoryStream();
        using (var output = new CodedOutputStream(message, leaveOpen: true))
            Write(output, field, content);
        return ByteString.CopyFrom(message.ToArray());
    }

    private static void Write(CodedOutputStream output, int field, ByteString content)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(content);
    }

    [Fact]
    public void A_family_has_the_expected_bytes()
    {
        var family = new FamilyDefinition("a_total", "Ä.", MetricKind.Counter, ["x"], []);
        var sample = new Sample(new LabelSet(["x"], ["1"]), new SampleValue.Counter(2)) { Created = 1.5 };
        Assert.Equal(
            "2F" // 47 bytes
            + "0A07" + "615F746F74616C" // name
            + "1203" + "C3842E" // help
            + "1800" // COUNTER
            + "221D" // a metric of 29 bytes
            + "0A06" + "0A0178" + "120131" // x="1"
            + "1A13" + "09" + "0000000000000040" // 2
            + "1A08" + "0801" + "1080CAB5EE01", // 1 s, 500,000,000 ns
            Convert.ToHexString(Bytes(new Snapshot([new(family, [sample])]))), ignoreCase: true);
    }

    [Fact]
    public void A_native_histogram_matches_the_example_in_the_specification()
    {
        ValueList<NativeBucket> buckets = [new(-2, 3), new(-1, 5), new(2, 1), new(4, 3), new(5, 2)];
        var family = new FamilyDefinition("a", "", MetricKind.Histogram, [], []) { Native = new() };
        var text = Convert.ToHexString(Bytes(new Snapshot([new(
            family,
            [new(LabelSet.Empty, new SampleValue.Histogram([14], 1) { Native = new(0, 0.5, 0, [], buckets) })])])));

        // Spans [-2, 2], [2, 1], [1, 2] and deltas 3, 2, -4, 2, -1, each a separate field.
        Assert.EndsWith(
            "6204" + "0803" + "1002" + "6204" + "0804" + "1001" + "6204" + "0802" + "1002"
            + "6806" + "6804" + "6807" + "6804" + "6801",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_native_histogram_without_observations_is_read_back_as_native()
    {
        var registry = new Registry();
        registry.Histogram(
            "a",
            "Help.",
            new HistogramOptions
            {
                Native = new() { ZeroThreshold = 0 },
                Buckets = [],
            });
        Assert.Equal(
            new NativeHistogram(3, 0, 0, [], []),
            Assert
                .IsType<SampleValue.Histogram>(
                    ProtobufReader.Read(Bytes(registry.Scrape())).Single().Metrics.Single().Value)
                .Native);
    }

    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(1_700_000_000.25, 1_700_000_000.25)]
    [InlineData(-0.25, -0.25)]
    [InlineData(0.9999999999, 1.0)]
    [InlineData(-62_135_596_801, null)]
    [InlineData(1e300, null)]
    [InlineData(double.NaN, null)]
    public void The_time_of_an_exemplar_is_exact_to_the_nanosecond_or_is_left_out(double time, double? read)
    {
        var family = new FamilyDefinition("a_total", "", MetricKind.Counter, [], []);
        var counter = new SampleValue.Counter(1) { Exemplar = new([("a", "b")], 1, time) };
        var families = ProtobufReader.Read(Bytes(new Snapshot([new(family, [new(LabelSet.Empty, counter)])])));
        Assert.Equal(
            read,
            Assert.IsType<SampleValue.Counter>(families.Single().Metrics.Single().Value).Exemplar?.Timestamp);
    }

    // The doubles are slightly below these numbers, so a reader that truncates to milliseconds would lose a whole
    // millisecond.
    [Theory]
    [InlineData(1_795_385_332.343, 1_795_385_332, 343_000_000)]
    [InlineData(1_700_000_000.123456, 1_700_000_000, 123_456_000)]
    [InlineData(-0.1, -1, 900_000_000)]
    public void The_time_of_an_exemplar_is_the_number_that_text_formats_write(double time, long seconds, long nanos)
    {
        var family = new FamilyDefinition("a_total", "", MetricKind.Counter, [], []);
        var bytes = Bytes(new Snapshot([new(
            family,
            [new(LabelSet.Empty, new SampleValue.Counter(1) { Exemplar = new([("a", "b")], 1, time) })])]));
        var expected = new ArrayBufferWriter<byte>();
        foreach (var (tag, number) in new[] { (0x08, seconds), (0x10, nanos) })
            expected.Write([(byte)tag, .. Varint(number)]);
        Assert.EndsWith(
            Convert.ToHexString(expected.WrittenSpan),
            Convert.ToHexString(bytes),
            StringComparison.Ordinal);
    }

    [Fact]
    public void No_value_is_written_as_the_staleness_marker()
    {
        const long StaleMarker = 0x7FF0_0000_0000_0002;
        var registry = new Registry();
        registry.Gauge("a", "Help.").Set(BitConverter.Int64BitsToDouble(StaleMarker));
        var value = Assert.IsType<SampleValue.Gauge>(
            ProtobufReader.Read(Bytes(registry.Scrape())).Single().Metrics.Single().Value).Value;
        Assert.True(double.IsNaN(value));
        Assert.NotEqual(StaleMarker, BitConverter.DoubleToInt64Bits(value));
    }

    [Fact]
    public void Messages_of_any_length_are_read_back() =>
        Assert.All([0, 100, 116, 117, 118, 119, 120, 121, 128, 16_000, 16_370, 16_384, 20_000, 2_100_000], length =>
        {
            var sample = new Sample(new LabelSet(["x"], [new string('x', length)]), new SampleValue.Gauge(1));
            var family = new FamilySnapshot(new("a", "Help.", MetricKind.Gauge, ["x"], []), [sample]);
            Assert.Equal(
                [new Label("x", new string('x', length))],
                ProtobufReader.Read(Bytes(new Snapshot([family]))).Single().Metrics.Single().Labels);
        });

    private static ReadMetric Expected(FamilyDefinition family, Sample sample) => new(
        [.. sample.Labels.Names.Zip(sample.Labels.Values, (name, value) => new Label(name, value))],
        sample.Value.Match<SampleValue>(
            counter => counter with { Exemplar = Written(counter.Exemplar) },
            gauge => gauge,
            histogram => histogram with
            {
                Buckets = histogram.Buckets ?? family.Buckets,
                Exemplars = IsNativeAlone(family, histogram) ? [] : Written(histogram.Exemplars),
            },
            summary => summary),
        sample.Value is SampleValue.Histogram { Native: not null } native
            ? [.. Written(native.Exemplars).OfType<Exemplar>().Where(exemplar => exemplar.Timestamp is not null)]
            : [],
        sample.Value is SampleValue.Gauge ? null : Written(sample.Created));

    private static bool IsNativeAlone(FamilyDefinition family, SampleValue.Histogram histogram) =>
        histogram.Native is not null && (histogram.Buckets ?? family.Buckets).Count == 0;

    private static ValueList<Exemplar?> Written(ValueList<Exemplar?> exemplars) =>
        exemplars.Select(Written).ToArray() is var written && written.Any(one => one is not null) ? [.. written] : [];

    private static Exemplar? Written(Exemplar? exemplar) => OpenMetricsView.Of(exemplar) is { } allowed
        ? allowed with
        {
            Timestamp = Written(allowed.Timestamp),
        }
        : null;

    private static double? Written(double? time) =>
        time is { } seconds and >= -62_135_596_800 and < 253_402_300_800 ? ToNanoseconds(seconds) : null;

    // Computed as the reader does it: whole seconds plus nanoseconds.
    private static double ToNanoseconds(double time)
    {
        var nanos = decimal.Round(
            decimal.Parse(SlowWriter.Number(time), NumberStyles.Float, CultureInfo.InvariantCulture) * 1_000_000_000);
        var seconds = decimal.Floor(nanos / 1_000_000_000);
        return (double)seconds + ((double)(nanos - (seconds * 1_000_000_000)) / 1e9);
    }

    private static byte[] Varint(long number)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            output.WriteInt64(number);
        return stream.ToArray();
    }

    private static byte[] Bytes(Snapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ExpositionFormat.Protobuf.Write(snapshot, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
