using System.Buffers;
using System.Globalization;
using System.Text;
using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>Scrapes a registry in one format while it is written, reads what comes, and says no to what is torn: what
/// does not parse, does not add up, or fell.</summary>
internal sealed class LoadWatch(Registry registry, ExpositionFormat format)
{
    private static readonly string[] _rising = ["_bucket", "_count", "_sum", "_total"];

    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);

    public RisingNumbers Numbers { get; } = new();

    public void Look()
    {
        _bytes.ResetWrittenCount();
        var written = format.WriteAsync(registry, _bytes, CancellationToken.None);
        Assert.True(written.IsCompletedSuccessfully);
        Read(_bytes.WrittenSpan);
    }

    /// <summary>Reads a scrape that follows the earlier ones.</summary>
    /// <exception cref="FormatException">The scrape is torn.</exception>
    public void Read(ReadOnlySpan<byte> scrape)
    {
        if (format == ExpositionFormat.Protobuf)
            ReadProtobuf(scrape.ToArray());
        else
            ReadText(Encoding.UTF8.GetString(scrape));
        Numbers.EndScrape();
    }

    // The reader checks that the cumulative counts end at the count of the histogram.
    private void ReadProtobuf(byte[] scrape)
    {
        foreach (var family in ProtobufReader.Read(scrape))
        {
            foreach (var metric in family.Metrics)
                Note($"{family.Name}{metric.Labels}", metric.Value);
        }
    }

    private void Note(string series, SampleValue value)
    {
        switch (value)
        {
            case SampleValue.Counter counter:
                Numbers.Note(series, counter.Value);
                break;
            case SampleValue.Summary summary:
                Numbers.Note(series + "_count", summary.Count);
                Numbers.Note(series + "_sum", summary.Sum);
                break;
            case SampleValue.Histogram histogram:
                Note(series, histogram);
                break;
        }
    }

    private void Note(string series, SampleValue.Histogram histogram)
    {
        foreach (var (i, count) in histogram.Counts.Index())
            Numbers.Note($"{series}_bucket{i}", count);
        Numbers.Note(series + "_sum", histogram.Sum);
        if (
            histogram.Native is { } native
            && native.ZeroCount + native.Negative.Concat(native.Positive).Sum(bucket => bucket.Count)
                != histogram.Count)
        {
            throw new FormatException(
                $"{series} has {histogram.Count} as its count, but not in its native buckets: {native}.");
        }
    }

    private void ReadText(string text)
    {
        var lines = text.Split('\n');
        if (lines is not [.. var body, ""] || format == ExpositionFormat.OpenMetrics && body is not [.. var _, "# EOF"])
            throw new FormatException($"The end is missing: {lines[^1]}");
        var (cumulative, infinite) = (0.0, double.NaN);
        foreach (var line in body.Where(line => !line.StartsWith("# ", StringComparison.Ordinal)))
        {
            var (series, value) = Sample(line);
            var name = series.Split('{')[0];
            if (name.EndsWith("_bucket", StringComparison.Ordinal))
                (cumulative, infinite) = NextBucket(series, value, cumulative);
            else if (name.EndsWith("_count", StringComparison.Ordinal))
                infinite = CheckCount(series, value, infinite);
            if (Array.Exists(_rising, end => name.EndsWith(end, StringComparison.Ordinal)))
                Numbers.Note(series, value);
        }
    }

    private static (double Cumulative, double Infinite) NextBucket(string series, double value, double cumulative)
    {
        if (value < cumulative)
            throw new FormatException($"{series} is {value}, after {cumulative} in the bucket below.");
        return series.EndsWith("le=\"+Inf\"}", StringComparison.Ordinal) ? (0, value) : (value, double.NaN);
    }

    // That of a summary comes behind no bucket.
    private static double CheckCount(string series, double value, double infinite) =>
        double.IsNaN(infinite) || infinite == value
            ? double.NaN
            : throw new FormatException($"{series} is {value}, but the last bucket is {infinite}.");

    private static (string Series, double Value) Sample(string line)
    {
        var sample = line.Split(" # {")[0];
        var blank = sample.LastIndexOf(' ');
        if (
            blank <= 0
            || !char.IsAsciiLetter(line[0])
            || sample.Contains('{', StringComparison.Ordinal) != (sample[blank - 1] == '}'))
        {
            throw new FormatException(line);
        }

        return (sample[..blank], double.Parse(sample[(blank + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture));
    }
}
