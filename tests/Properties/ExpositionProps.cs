using System.Buffers;
using System.Text;
using Instrumentator.Properties.Reference;
using Instrumentator.Testing;

namespace Instrumentator.Properties;

public class ExpositionProps
{
    /// <summary>The index of each format in the list of all formats.</summary>
    [Property]
    public void What_is_written_is_read_back_as_the_snapshot_that_it_was(Snapshot snapshot)
    {
        var families = ParsedScrape.Prometheus(ExpositionFormat.Prometheus.ToText(snapshot)).Families;
        Assert.Equal(
            snapshot.Families.Select(family => family.Definition.Name),
            families.Select(family => family.Name));
        Assert.All(snapshot.Families.Zip(families), pair => AssertSame(pair.First, pair.Second));
    }

    [Property]
    public void OpenMetrics_is_read_back_as_the_part_of_the_snapshot_that_it_can_hold(Snapshot snapshot)
    {
        var families = ParsedScrape.OpenMetrics(ExpositionFormat.OpenMetrics.ToText(snapshot)).Families;
        Assert.Equal(
            snapshot.Families.Select(family => Described(family.Definition)),
            families.Select(family => (family.Name, family.Type, family.Unit, family.Help)));
        Assert.All(snapshot.Families.Zip(families), pair => Assert.Equal(
            pair.First.Samples.Select(sample => (
                Pairs(sample.Labels),
                BoundsOf(pair.First, sample),
                OpenMetricsView.Of(pair.First.Definition, sample.Value))),
            TextSeries.Of(pair.Second).Select(series => (
                series.Labels,
                ValueList.From(series.Bounds),
                series.Value))));
    }

    [Property]
    public void OpenMetrics_has_the_start_of_each_series_if_it_is_to(Snapshot snapshot)
    {
        var text = ExpositionFormat.OpenMetrics.WithCreatedSamples().ToText(snapshot);
        var families = ParsedScrape.OpenMetrics(text).Families;
        Assert.All(snapshot.Families.Zip(families), pair => Assert.Equal(
            pair.First.Samples.Select(sample => OpenMetricsView.CreatedOf(pair.First.Definition, sample)),
            TextSeries.Of(pair.Second).Select(series => series.Created)));
    }

    [Property]
    public Property A_registry_is_written_like_its_snapshot() =>
        Prop.ForAll(Arb.From(Gen.Zip(Generators.HostilePrograms, Gen.Elements(true, false))), one =>
        {
            var registry = new Registry(seriesLimit: 50);
            var snapshot = Program.Run(one.Item1, registry);
            if (one.Item2)
                registry.Include(new Other());
            foreach (var format in ExpositionFormat.All)
            {
                var output = new ArrayBufferWriter<byte>();
                AssertDone(format.WriteAsync(registry, output, TestContext.Current.CancellationToken));
                Assert.Equal(
                    Bytes(format, one.Item2 ? new Snapshot([.. snapshot.Families, Other.Family]) : snapshot),
                    output.WrittenSpan.ToArray());
            }
        });

    [Property]
    public void The_writers_match_the_slow_reference_writers(Snapshot snapshot)
    {
        Assert.Equal(
            Encoding.UTF8.GetBytes(SlowWriter.Write(snapshot)),
            Bytes(ExpositionFormat.Prometheus, snapshot));
        Assert.Equal(
            Encoding.UTF8.GetBytes(SlowOpenMetrics.Write(snapshot)),
            Bytes(ExpositionFormat.OpenMetrics, snapshot));
        Assert.Equal(
            Encoding.UTF8.GetBytes(SlowOpenMetrics.Write(snapshot, created: true)),
            Bytes(ExpositionFormat.OpenMetrics.WithCreatedSamples(), snapshot));
    }

    [Property(MaxTest = 50)]
    public void The_same_bytes_come_out_under_every_culture(Snapshot snapshot) =>
        Assert.All(ExpositionFormat.All, format =>
        {
            var expected = Bytes(format, snapshot);
            Assert.All(["tr-TR", "ar-SA", "de-DE", "fa-IR"], culture => Assert.Equal(
                expected,
                Culture.Run(culture, () => Bytes(format, snapshot))));
        });

    [Property(MaxTest = 100)]
    public void A_buffer_without_spare_room_gets_the_same_bytes(Snapshot snapshot) =>
        Assert.All(ExpositionFormat.All, format =>
        {
            var output = new TightBuffer();
            format.Write(snapshot, output);
            Assert.Equal(Bytes(format, snapshot), output.Written);
        });

    [Property(MaxTest = 100)]
    public void Text_of_version_1_equals_that_of_version_0_if_names_are_plain(Snapshot snapshot) =>
        Assert.All(
        Enum.GetValues<NameEscaping>().Except([NameEscaping.Dots]),
        escaping => Assert.Equal(
            Bytes(ExpositionFormat.Prometheus, snapshot),
            Bytes(ExpositionFormat.PrometheusUtf8.With(escaping), snapshot)));

    [Theory]
    [InlineData("x", 65_536)]
    [InlineData("\"", 65_536)]
    [InlineData("\\\n\"", 22_000)]
    [InlineData("😀", 16_384)]
    [InlineData("\0\r\u2028", 22_000)]
    [InlineData("\uD800", 22_000)]
    public void Label_values_and_help_of_64_kB_are_read_back(string part, int times)
    {
        var registry = new Registry();
        var value = string.Concat(Enumerable.Repeat(part, times));
        registry.Histogram("a_seconds", value, [1], "x").With("x").Observe(0.5);
        var family = registry.Scrape().Families.Single();
        var (labels, clean) = (new LabelSet(["x"], [value]), SlowWriter.Clean(value));
        var snapshot = new Snapshot([family with { Samples = [family.Samples.Single() with { Labels = labels }] }]);

        ParsedFamily[] families =
        [
            ParsedScrape.Prometheus(ExpositionFormat.Prometheus.ToText(snapshot)).Families.Single(),
            ParsedScrape.OpenMetrics(ExpositionFormat.OpenMetrics.ToText(snapshot)).Families.Single(),
        ];
        foreach (var parsed in families)
        {
            Assert.Equal(clean, parsed.Help);
            Assert.All(parsed.Samples, sample => Assert.Contains(new Label("x", clean), sample.Labels));
        }
        var read = ProtobufReader.Read(Bytes(ExpositionFormat.Protobuf, snapshot)).Single();
        Assert.Equal((clean, [new Label("x", clean)]), (read.Help, read.Metrics.Single().Labels));
    }

    [Property(MaxTest = 20)]
    public void ToText_matches_the_written_bytes(Snapshot snapshot)
    {
        foreach (var format in new[] { ExpositionFormat.Prometheus, ExpositionFormat.OpenMetrics })
            Assert.Equal(Bytes(format, snapshot), Encoding.UTF8.GetBytes(format.ToText(snapshot)));
    }

    private static void AssertSame(FamilySnapshot written, ParsedFamily read)
    {
        var definition = written.Definition;
        Assert.Equal(SlowWriter.TypeName(definition.Kind), read.Type);

        // In the format, whitespace before a help text has no meaning.
        Assert.Equal(SlowWriter.Clean(definition.Help).TrimStart(' ', '\t'), read.Help);
        Assert.Equal(
            written.Samples.Select(sample => (
                Pairs(sample.Labels),
                BoundsOf(written, sample),
                WithoutExemplars(sample.Value))),
            TextSeries.Of(read).Select(series => (series.Labels, ValueList.From(series.Bounds), series.Value)));
    }

    private static (string Name, string Type, string? Unit, string? Help) Described(FamilyDefinition family) => (
        OpenMetricsView.NameOf(family),
        OpenMetricsView.TypeOf(family),
        OpenMetricsView.UnitOf(family),
        SlowWriter.Clean(family.Help));

    private static ValueList<double> BoundsOf(FamilySnapshot family, Sample sample) =>
        (sample.Value as SampleValue.Histogram)?.Buckets ?? family.Definition.Buckets;

    private static SampleValue WithoutExemplars(SampleValue value) => value.Match<SampleValue>(
        counter => counter with { Exemplar = null },
        gauge => gauge,
        histogram => histogram with { Buckets = null, Exemplars = [], Native = null },
        summary => summary);

    private static ValueList<Label> Pairs(LabelSet labels) =>
        ValueList.From(labels.Names.Zip(labels.Values, (name, value) => new Label(name, value)));

    private static byte[] Bytes(ExpositionFormat format, Snapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>();
        format.Write(snapshot, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Provides exactly the requested room, so that writing past it throws.</summary>
    private sealed class TightBuffer : IBufferWriter<byte>
    {
        private byte[] _room = [];

        public List<byte> Written { get; } = [];

        public void Advance(int count) => Written.AddRange(_room.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _room = new byte[Math.Max(sizeHint, 1)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }

    private static void AssertDone(ValueTask written) => Assert.True(written.IsCompletedSuccessfully);

    private sealed class Other : IMetricCollector
    {
        public static FamilySnapshot Family { get; } = new(
            new("other", "Help.", MetricKind.Unknown, ["x"], []),
            [new(new LabelSet(["x"], ["1"]), new SampleValue.Gauge(1))]);

        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<ValueList<FamilySnapshot>>([Family]);
    }
}
