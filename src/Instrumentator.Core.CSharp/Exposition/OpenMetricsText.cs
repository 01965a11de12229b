namespace Instrumentator;

/// <summary>The text format of OpenMetrics, version 1.0.0.</summary>
/// <remarks>
/// <para>See https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md. Differences from
/// <see cref="PrometheusText"/>: a family of counters is named without <c>_total</c>, and a counter without that suffix
/// has the type <c>unknown</c>; a name that ends in a base unit has a UNIT line; totals and buckets can have
/// exemplars; the start time of a series is a sample <c>_created</c>, if the reader is to get it. Families without
/// series keep their metadata.</para>
/// <para>One error makes a whole scrape invalid, so values that the format does not allow are left out: a total or a
/// sum that is negative or NaN; <c>_count</c> and <c>_sum</c> of a histogram with such a sum, or with a bound below 0;
/// a quantile that is negative, or whose rank is not from 0 to 1; an exemplar with invalid label names, or with labels
/// of more than 128 characters.</para>
/// </remarks>
internal static class OpenMetricsText
{
    private const string Unknown = "unknown";

    public static TextFormat Format { get; } = New(hasCreated: false);

    /// <summary>Gets the format with the start time of each series as <c>_created</c>.</summary>
    public static TextFormat WithCreated { get; } = New(hasCreated: true);

    private static TextFormat New(bool hasCreated) => new(Metadata)
    {
        HasExemplars = true,
        HasCreated = hasCreated,
        IsStrict = true,
        End = "# EOF\n"u8.ToArray(),
    };

    private static string Metadata(FamilyDefinition family)
    {
        var name = SampleName.OfFamily(family.WithoutTotal);
        var type = family is { Kind: MetricKind.Counter, IsTotal: false }
            ? Unknown
            : TextFormat.TypeName(family.Kind, Unknown);
        var unit = Units.Of(family.WithoutTotal) is { } known ? $"# UNIT {name} {known}\n" : "";

        // OpenMetrics escapes all strings in the same way.
        return $"# TYPE {name} {type}\n{unit}# HELP {name} {Escaping.LabelValue(LabelSet.Clean(family.Help))}\n";
    }
}
