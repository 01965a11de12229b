using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>The differences between the text formats. <see cref="TextScrapeWriter"/> is what they share.</summary>
/// <param name="metadata">The lines above the samples of a family.</param>
internal sealed class TextFormat(Func<FamilyDefinition, string> metadata)
{
    private readonly ConditionalWeakTable<FamilyDefinition, FamilyText> _families = [];

    /// <summary>Whether totals and buckets can have an exemplar.</summary>
    public bool HasExemplars { get; init; }

    /// <summary>Whether a negative total, sum or quantile, or a NaN in place of the first two, makes a scrape invalid: it is left out then.</summary>
    public bool IsStrict { get; init; }

    /// <summary>What stands at the end.</summary>
    public byte[] End { get; init; } = [];

    /// <summary>The text of a family in this format.</summary>
    public FamilyText Of(FamilyDefinition family) => _families.GetValue(family, one => new FamilyText(metadata(one), one));

    /// <summary>A kind as it stands on a TYPE line.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="unknown">What the format calls one of which nothing is known.</param>
    public static string TypeName(MetricKind kind, string unknown) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        MetricKind.Histogram => "histogram",
        MetricKind.Summary => "summary",
        MetricKind.Unknown => unknown,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No text format has a name for this kind."),
    };
}
