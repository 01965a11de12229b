namespace Instrumentator;

/// <summary>An observation that represents others, with labels that lead to it, such as those of a trace.</summary>
/// <param name="Labels">The labels of the exemplar, besides those of the series.</param>
/// <param name="Value">The observed value.</param>
/// <param name="Timestamp">The time in seconds since 1970 (UTC); null if unknown.</param>
public sealed record Exemplar(ValueList<Label> Labels, double Value, double? Timestamp);

/// <summary>The rule for exemplars that readers accept.</summary>
/// <remarks>See https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md#exemplars.</remarks>
internal static class ExemplarRule
{
    // In UTF-8 characters of names and values; the punctuation does not count.
    private const int MaxCharacters = 128;

    /// <summary>Returns whether the label names are valid and the labels are not too long. An invalid exemplar is left
    /// out, but its sample is not.</summary>
    public static bool Allows(Exemplar exemplar) =>
        exemplar.Labels is not null
        && !Names.ErrorsOfLabels("an exemplar", [.. exemplar.Labels.Select(label => label.Name)], reserved: null).Any()
        && exemplar.Labels.Sum(Length) <= MaxCharacters;

    private static int Length(Label label) => label.Name.Length + LabelSet.Clean(label.Value).EnumerateRunes().Count();
}
