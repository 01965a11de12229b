namespace Instrumentator;

/// <summary>The unit that a name ends in.</summary>
/// <remarks>The base units of https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md#units-and-base-units.</remarks>
internal static class Units
{
    private static readonly string[] _base = ["seconds", "bytes", "joules", "grams", "meters", "ratios", "volts", "amperes", "celsius"];

    /// <summary>The unit of a family; null when its name ends in none.</summary>
    /// <param name="family">The family's name; a counter's is without <c>_total</c>.</param>
    public static string? Of(string family) =>
        family.LastIndexOf('_') is var at and >= 0 && _base.Contains(family[(at + 1)..], StringComparer.Ordinal) ? family[(at + 1)..] : null;
}
