using System.Globalization;
using System.Numerics;
using System.Text;

namespace Instrumentator.Properties.Reference;

/// <summary>Writes Prometheus's text format the obvious way: line after line into one string.</summary>
/// <remarks>Escapes character by character, finds numbers by trial and takes no prepared text, unlike the library's writer.</remarks>
internal static class SlowWriter
{
    public static string Write(Snapshot snapshot)
    {
        var text = new StringBuilder();
        foreach (var family in snapshot.Families)
        {
            var name = family.Definition.Name;
            text.Append($"# HELP {name} {Escape(Clean(family.Definition.Help), quotes: false)}\n");
            text.Append($"# TYPE {name} {family.Definition.Kind.ToString().ToLowerInvariant()}\n");
            foreach (var sample in family.Samples)
            {
                foreach (var (suffix, le, value) in Lines(sample.Value, family.Definition.Buckets))
                    text.Append($"{name}{suffix}{Labels(sample.Labels, le)} {value}\n");
            }
        }
        return text.ToString();
    }

    /// <summary>Each half of a surrogate pair that stands alone, as the replacement character.</summary>
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

    /// <summary>A number as a sample has it: whole ones as such while they are exact, others with as few digits as needed.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        if (value == 0)
            return double.IsNegative(value) ? "-0" : "0";
        var isExact = Math.Floor(value) == value && Math.Abs(value) < 9_007_199_254_740_992;
        return isExact ? new BigInteger(value).ToString(CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static IEnumerable<(string Suffix, string? Le, string Value)> Lines(SampleValue value, ValueList<double> bounds)
    {
        switch (value)
        {
            case SampleValue.Counter counter:
                yield return ("", null, Number(counter.Value));
                break;
            case SampleValue.Gauge gauge:
                yield return ("", null, Number(gauge.Value));
                break;
            case SampleValue.Summary summary:
                yield return ("_count", null, Count(summary.Count));
                yield return ("_sum", null, Number(summary.Sum));
                break;
            case SampleValue.Histogram histogram:
                for (var i = 0; i <= bounds.Count; i++)
                    yield return ("_bucket", i < bounds.Count ? ShortestNumber.Of(bounds[i]) : "+Inf", Count(histogram.Counts.Take(i + 1).Sum()));
                yield return ("_count", null, Count(histogram.Counts.Sum()));
                yield return ("_sum", null, Number(histogram.Sum));
                break;
        }
    }

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Labels(LabelSet labels, string? le)
    {
        var pairs = labels.Names.Zip(labels.Values, (name, value) => $"{name}=\"{Escape(Clean(value), quotes: true)}\"").ToList();
        if (le is not null)
            pairs.Add($"le=\"{le}\"");
        return pairs.Count == 0 ? "" : $"{{{string.Join(",", pairs)}}}";
    }

    private static string Escape(string text, bool quotes)
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
}
