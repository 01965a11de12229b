namespace Instrumentator;

/// <summary>One observation that stands for others, with labels that lead to it: those of a trace, for one.</summary>
/// <param name="Labels">Its own labels, beside those of the series.</param>
/// <param name="Value">What was observed.</param>
/// <param name="Timestamp">When, in seconds since 1970 (UTC); null when nobody noted it.</param>
public sealed record Exemplar(ValueList<Label> Labels, double Value, double? Timestamp);

/// <summary>Which exemplars a reader may take.</summary>
/// <remarks>See https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md#exemplars.</remarks>
internal static class ExemplarRule
{
    // In UTF-8 characters; what stands around names and values does not count.
    private const int MostCharacters = 128;

    /// <summary>Whether its label names are valid, and its labels not too long. One that cannot be written is left out,
    /// and its sample is not.</summary>
    public static bool Allows(Exemplar exemplar) =>
        exemplar.Labels is not null
        && !Names.ErrorsOfLabels("an exemplar", [.. exemplar.Labels.Select(label => label.Name)], reserved: null).Any()
        && exemplar.Labels.Sum(Length) <= MostCharacters;

    private static int Length(Label label) => label.Name.Length + LabelSet.Clean(label.Value).EnumerateRunes().Count();
}
