using System.Buffers;
using System.Text;
using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

public class ExpositionProps
{
    [Fact]
    public void What_is_written_is_read_back_as_the_snapshot_that_it_was() =>
        Check.Holds(Generators.Snapshots, snapshot =>
        {
            var families = TextParser.Parse(PrometheusText.ToText(snapshot));
            Assert.Equal(snapshot.Families.Select(family => family.Definition.Name), families.Select(family => family.Name));
            Assert.All(snapshot.Families.Zip(families), pair => AssertSame(pair.First, pair.Second));
        });

    [Fact]
    public void The_writer_writes_what_the_slow_writer_writes() =>
        Check.Holds(Generators.Snapshots, snapshot => Assert.Equal(Encoding.UTF8.GetBytes(SlowWriter.Write(snapshot)), Bytes(snapshot)));

    [Fact]
    public void The_same_bytes_come_out_under_every_culture() =>
        Check.Holds(Generators.Snapshots, snapshot =>
        {
            var expected = Bytes(snapshot);
            Assert.All(["tr-TR", "ar-SA", "de-DE", "fa-IR"], culture => Assert.Equal(expected, Culture.Run(culture, () => Bytes(snapshot))));
        }, tests: 50);

    [Fact]
    public void A_buffer_that_gives_little_room_gets_the_same_bytes() =>
        Check.Holds(Generators.Snapshots, snapshot =>
        {
            var output = new TightBuffer();
            PrometheusText.Write(snapshot, output);
            Assert.Equal(Bytes(snapshot), output.Written);
        }, tests: 100);

    private static void AssertSame(FamilySnapshot written, ParsedFamily read)
    {
        var definition = written.Definition;
        Assert.Equal(definition.Kind.ToString(), read.Type, ignoreCase: true);

        // The format gives no meaning to blanks before a help text.
        Assert.Equal(SlowWriter.Clean(definition.Help).TrimStart(' ', '\t'), read.Help);
        Assert.Equal(
            written.Samples.Select(sample => (Pairs(sample.Labels), sample.Value)),
            TextSeries.Of(read).Select(series => (Show.Value(series.Labels), series.Value)));
        Assert.All(TextSeries.Of(read), series => Assert.Equal(definition.Buckets, series.Bounds));
    }

    private static string Pairs(LabelSet labels) => Show.Value(labels.Names.Zip(labels.Values));

    private static byte[] Bytes(Snapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ExpositionFormat.Prometheus.Write(snapshot, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Gives exactly as much room as is asked for, so that writing past it throws.</summary>
    private sealed class TightBuffer : IBufferWriter<byte>
    {
        private byte[] _room = [];

        public List<byte> Written { get; } = [];

        public void Advance(int count) => Written.AddRange(_room.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _room = new byte[Math.Max(sizeHint, 1)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
