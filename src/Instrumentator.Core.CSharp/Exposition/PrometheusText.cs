using System.Buffers;
using System.Text;

namespace Instrumentator;

/// <summary>Writes Prometheus's text format, version 0.0.4.</summary>
/// <remarks>See https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format. Families without series keep their HELP and TYPE lines.</remarks>
/// <example><code>PrometheusText.Write(Registry.Default.Scrape(), buffer);</code></example>
public static class PrometheusText
{
    /// <summary>Writes a snapshot.</summary>
    /// <param name="snapshot">What is written.</param>
    /// <param name="output">Where to.</param>
    public static void Write(Snapshot snapshot, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(output);
        foreach (var family in snapshot.Families)
            WriteFamily(family, output);
    }

    /// <summary>A snapshot as text, for people and for tests.</summary>
    public static string ToText(Snapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(snapshot, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteFamily(FamilySnapshot family, IBufferWriter<byte> output)
    {
        var definition = family.Definition;
        var lines = new SampleLines(definition.Name, output);
        output.Write(Encoding.UTF8.GetBytes(
            $"# HELP {definition.Name} {Escaping.HelpText(LabelSet.Clean(definition.Help))}\n# TYPE {definition.Name} {TypeName(definition.Kind)}\n"));
        var bounds = BucketLabels(definition.Buckets);
        foreach (var sample in family.Samples)
            WriteSample(sample, bounds, lines);
    }

    private static void WriteSample(Sample sample, byte[][] bounds, SampleLines lines) => sample.Value.Match<Unit>(
        counter => lines.Write(""u8, sample.Labels, default, counter.Value),
        gauge => lines.Write(""u8, sample.Labels, default, gauge.Value),
        histogram => WriteHistogram(sample.Labels, histogram, histogram.Buckets is { } own ? BucketLabels(own) : bounds, lines),
        summary => WriteSummary(sample.Labels, summary, lines));

    private static Unit WriteHistogram(LabelSet labels, SampleValue.Histogram histogram, byte[][] bounds, SampleLines lines)
    {
        var cumulative = 0L;
        for (var i = 0; i < bounds.Length; i++)
            lines.Write("_bucket"u8, labels, bounds[i], cumulative += histogram.Counts[i]);
        return WriteCountAndSum(labels, cumulative, histogram.Sum, lines);
    }

    private static Unit WriteSummary(LabelSet labels, SampleValue.Summary summary, SampleLines lines)
    {
        foreach (var quantile in summary.Quantiles)
            lines.Write(""u8, labels, Encoding.UTF8.GetBytes($"quantile=\"{Numbers.UpperBound(quantile.Rank)}\""), quantile.Value);
        return WriteCountAndSum(labels, summary.Count, summary.Sum, lines);
    }

    private static Unit WriteCountAndSum(LabelSet labels, long count, double sum, SampleLines lines)
    {
        lines.Write("_count"u8, labels, default, count);
        return lines.Write("_sum"u8, labels, default, sum);
    }

    private static byte[][] BucketLabels(ValueList<double> bounds) =>
        [.. bounds.Append(double.PositiveInfinity).Select(bound => Encoding.UTF8.GetBytes($"le=\"{Numbers.UpperBound(bound)}\""))];

    private static string TypeName(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        MetricKind.Histogram => "histogram",
        MetricKind.Summary => "summary",
        _ => "untyped",
    };
}
