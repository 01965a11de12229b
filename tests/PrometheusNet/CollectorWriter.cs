using System.Globalization;
using Instrumentator.Properties.Reference;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>Writes OpenMetrics as prometheus-net does: <c>_sum</c> and <c>_count</c> come first, <c>le</c> and
/// <c>quantile</c> come after the other labels, and families of no known type are <c>unknown</c>.</summary>
internal static class CollectorWriter
{
    /// <summary>Returns the lines of each family: HELP and TYPE, and the samples.</summary>
    public static IEnumerable<(string[] Description, string[] Samples)> Lines(Snapshot snapshot) =>
        from family in snapshot.Families
        let name = family.Definition.Name
        let isCounter = family.Definition.Kind == MetricKind.Counter
        let described = isCounter ? name[..name.LastIndexOf("_total", StringComparison.Ordinal)] : name
        select (
            new[]
            {
                $"# HELP {described} {Escape(SlowWriter.Clean(family.Definition.Help))}",
                $"# TYPE {described} {family.Definition.Kind.ToString().ToLowerInvariant()}",
            },
            family.Samples.SelectMany(sample => SamplesOf(family.Definition, sample)).ToArray());

    public static string Write(Snapshot snapshot) =>
        string.Concat(Lines(snapshot)
            .SelectMany(family => family.Description.Concat(family.Samples))
            .Append("# EOF")
            .Select(line => line + "\n"));

    /// <summary>Formats a double as prometheus-net does: always with a point or an exponent.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
        return text.Contains('.') || text.Contains('e') ? text : text + ".0";
    }

    private static IEnumerable<string> SamplesOf(FamilyDefinition definition, Sample sample)
    {
        string Line(string suffix, string? own, string value, Exemplar? exemplar = null) =>
            $"{definition.Name}{suffix}{Labels(sample.Labels, own)} {value}{Text(exemplar)}";

        switch (sample.Value)
        {
            case SampleValue.Counter counter:
                yield return Line("", null, Number(counter.Value), counter.Exemplar);
                break;
            case SampleValue.Gauge gauge:
                yield return Line("", null, Number(gauge.Value));
                break;
            case SampleValue.Summary summary:
                yield return Line("_sum", null, Number(summary.Sum));
                yield return Line("_count", null, $"{summary.Count}");
                foreach (var quantile in summary.Quantiles)
                    yield return Line("", $"quantile=\"{Number(quantile.Rank)}\"", Number(quantile.Value));
                break;
            case SampleValue.Histogram histogram:
                yield return Line("_sum", null, Number(histogram.Sum));
                yield return Line("_count", null, $"{histogram.Counts.Sum()}");
                double[] bounds = [.. histogram.Buckets ?? definition.Buckets, double.PositiveInfinity];
                for (var i = 0; i < bounds.Length; i++)
                {
                    yield return Line(
                        "_bucket",
                        $"le=\"{Number(bounds[i])}\"",
                        $"{histogram.Counts.Take(i + 1).Sum()}",
                        histogram.Exemplars.ElementAtOrDefault(i));
                }

                break;
        }
    }

    private static string Labels(LabelSet labels, string? own)
    {
        string[] pairs = [.. labels.Names.Zip(labels.Values, Pair), .. own is null ? [] : new[] { own }];
        return pairs.Length == 0 ? "" : $"{{{string.Join(',', pairs)}}}";
    }

    private static string Text(Exemplar? exemplar) => exemplar is null ? ""
        : $" # {{{string.Join(',', exemplar.Labels.Select(label => Pair(label.Name, label.Value)))}}} "
            + $"{Number(exemplar.Value)}"
            + (exemplar.Timestamp is { } moment ? $" {Number(moment)}" : "");

    private static string Pair(string name, string value) => $"{name}=\"{Escape(SlowWriter.Clean(value))}\"";

    private static string Escape(string text) =>
        string.Concat(text.Select(c => c switch { '\\' => "\\\\", '\n' => "\\n", '"' => "\\\"", _ => $"{c}" }));
}
