namespace Instrumentator;

/// <summary>Which exemplars a reader may take.</summary>
/// <remarks>See https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md#exemplars.</remarks>
internal static class ExemplarRule
{
    // In UTF-8 characters; what stands around names and values does not count.
    private const int MostCharacters = 128;

    /// <summary>Whether its label names are valid, and its labels not too long. The sample of one that is not is worth more than it.</summary>
    public static bool Allows(Exemplar exemplar) =>
        exemplar.Labels is not null && !Names.FaultsOfLabels("an exemplar", [.. exemplar.Labels.Select(label => label.Name)], reserved: null).Any() && exemplar.Labels.Sum(Length) <= MostCharacters;

    private static int Length(Label label) => label.Name.Length + LabelSet.Clean(label.Value).EnumerateRunes().Count();
}
