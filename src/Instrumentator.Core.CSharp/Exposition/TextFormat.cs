using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>The differences between the text formats. <see cref="TextScrapeWriter"/> is their common part.</summary>
/// <param name="metadata">The lines above the samples of a family.</param>
internal sealed class TextFormat(Func<FamilyDefinition, string> metadata)
{
    private readonly ConditionalWeakTable<FamilyDefinition, FamilyText> _families = [];

    /// <summary>Whether totals and buckets can have exemplars.</summary>
    public bool HasExemplars { get; init; }

    /// <summary>Whether the start time of a series is a sample of its own.</summary>
    public bool HasCreated { get; init; }

    /// <summary>Whether a negative total, sum or quantile, or a NaN total or sum, makes a scrape invalid. Such values
    /// are then left out.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Gets the text at the end of a scrape.</summary>
    public byte[] End { get; init; } = [];

    /// <summary>Returns the text of a family in this format.</summary>
    public FamilyText Of(FamilyDefinition family) =>
        _families.GetValue(family, one => new FamilyText(metadata(one), one));

    /// <summary>Returns the name of a kind on a TYPE line.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="unknown">The format's name for <see cref="MetricKind.Unknown"/>.</param>
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
