using System.Buffers;

namespace Instrumentator;

/// <summary>Writes the text format of OpenMetrics, version 1.0.0.</summary>
/// <remarks>
/// See https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md. It differs from <see cref="PrometheusText"/> so:
/// a family of counters is named without <c>_total</c>, and one whose name has no such end is of type <c>unknown</c>; a name that ends in a
/// base unit has a UNIT line; totals and buckets can have exemplars. Families without series keep their metadata.
/// <para>One error makes a whole scrape invalid, so what the format has no place for is left out: a total or a sum that is negative or NaN;
/// <c>_count</c> and <c>_sum</c> of a histogram that has such a sum, or a bound below 0; a quantile that is negative, or whose rank is not
/// from 0 to 1; an exemplar whose label names are invalid, or whose labels have more than 128 characters.</para>
/// </remarks>
/// <example><code>OpenMetricsText.Write(Registry.Default.Scrape(), buffer);</code></example>
public static class OpenMetricsText
{
    private const string Unknown = "unknown";

    internal static TextFormat Format { get; } = new(Metadata) { HasExemplars = true, IsStrict = true, End = "# EOF\n"u8.ToArray() };

    /// <summary>Writes a snapshot. Pure but for the buffer it fills; safe to call from many threads.</summary>
    /// <param name="snapshot">What is written.</param>
    /// <param name="output">Where to.</param>
    /// <param name="escaping">How names are written that are not of letters, digits and <c>_</c> alone.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void Write(Snapshot snapshot, IBufferWriter<byte> output, NameEscaping escaping = NameEscaping.Underscores) => Format.Write(snapshot, output, escaping);

    /// <summary>A snapshot as text, for people and for tests.</summary>
    public static string ToText(Snapshot snapshot) => Format.ToText(snapshot);

    private static string Metadata(FamilyDefinition family)
    {
        var name = SampleName.OfFamily(family.WithoutTotal);
        var type = family is { Kind: MetricKind.Counter, IsTotal: false } ? Unknown : TextFormat.TypeName(family.Kind, Unknown);
        var unit = Units.Of(family.WithoutTotal) is { } known ? $"# UNIT {name} {known}\n" : "";

        // In OpenMetrics all strings are escaped alike.
        return $"# TYPE {name} {type}\n{unit}# HELP {name} {Escaping.LabelValue(LabelSet.Clean(family.Help))}\n";
    }
}
