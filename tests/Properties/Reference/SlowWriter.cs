using System.Globalization;
using System.Numerics;
using System.Text;

namespace Instrumentator.Properties.Reference;

/// <summary>Writes the Prometheus text format the obvious way: line after line into one string.</summary>
/// <remarks>Escapes character by character, finds numbers by trial and uses no prepared text, unlike the library's
/// writer.</remarks>
internal static class SlowWriter
{
    public static string Write(Snapshot snapshot)
    {
        var text = new StringBuilder();
        foreach (var family in snapshot.Families)
        {
            var name = family.Definition.Name;
            text.Append($"# HELP {name} {Escape(Clean(family.Definition.Help), quotes: false)}\n");
            text.Append($"# TYPE {name} {TypeName(family.Definition.Kind)}\n");
            foreach (var sample in family.Samples)
            {
                foreach (var line in Lines(sample.Value, family.Definition.Buckets))
                    text.Append($"{name}{line.Suffix}{Labels(sample.Labels, line.Label)} {line.Value}\n");
            }
        }
        return text.ToString();
    }

    /// <summary>Replaces each unpaired surrogate with the replacement character.</summary>
    public static string Clean(string? text)
    {
        var clean = new StringBuilder();
        for (var i = 0; i < text?.Length; i++)
        {
            var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair)
                clean.Append(text[i]).Append(text[++i]);
            else
                clean.Append(char.IsSurrogate(text[i]) ? '\uFFFD' : text[i]);
        }
        return clean.ToString();
    }

    /// <summary>Returns the text of a sample's number: integers as such while they are exact, other numbers with as few
    /// digits as needed.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        if (value == 0)
            return double.IsNegative(value) ? "-0" : "0";
        var isExact = Math.Floor(value) == value && Math.Abs(value) < 9_007_199_254_740_992;
        return isExact
            ? new BigInteger(value).ToString(CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Returns all lines of a sample: the suffix of the family's name, the label that the format adds, the
    /// number, and its exemplar.</summary>
    public static IEnumerable<(string Suffix, string? Label, string Value, Exemplar? Exemplar)> Lines(
        SampleValue value, ValueList<double> bounds)
    {
        switch (value)
        {
            case SampleValue.Counter counter:
                yield return ("", null, Number(counter.Value), counter.Exemplar);
                break;
            case SampleValue.Gauge gauge:
                yield return ("", null, Number(gauge.Value), null);
                break;
            case SampleValue.Summary summary:
                foreach (var (rank, quantile) in summary.Quantiles)
                    yield return ("", $"quantile=\"{ShortestNumber.Of(rank)}\"", Number(quantile), null);
                yield return ("_count", null, Count(summary.Count), null);
                yield return ("_sum", null, Number(summary.Sum), null);
                break;
            case SampleValue.Histogram histogram:
                double[] ends = [.. histogram.Buckets ?? bounds, double.PositiveInfinity];
                for (var i = 0; i < ends.Length; i++)
                {
                    yield return (
                        "_bucket",
                        $"le=\"{ShortestNumber.Of(ends[i])}\"",
                        Count(histogram.Counts.Take(i + 1).Sum()),
                        histogram.Exemplars.ElementAtOrDefault(i));
                }
                yield return ("_count", null, Count(histogram.Counts.Sum()), null);
                yield return ("_sum", null, Number(histogram.Sum), null);
                break;
        }
    }

    /// <summary>Returns the labels in braces, followed by the label that the format adds.</summary>
    public static string Labels(LabelSet labels, string? added)
    {
        var pairs = labels.Names.Zip(labels.Values, Pair).ToList();
        if (added is not null)
            pairs.Add(added);
        return pairs.Count == 0 ? "" : $"{{{string.Join(",", pairs)}}}";
    }

    public static string Pair(string name, string? value) => $"{name}=\"{Escape(Clean(value), quotes: true)}\"";

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    public static string Escape(string text, bool quotes)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            escaped.Append(c switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '"' when quotes => "\\\"",
                _ => c,
            });
        }
        return escaped.ToString();
    }

    // The type that OpenMetrics calls unknown has another name here.
    public static string TypeName(MetricKind kind) =>
        kind == MetricKind.Unknown ? "untyped" : kind.ToString().ToLowerInvariant();
}
