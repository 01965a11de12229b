namespace Instrumentator;

/// <summary>The unit at the end of a name.</summary>
/// <remarks>The base units of
/// https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md#units-and-base-units.</remarks>
internal static class Units
{
    private static readonly string[] _base =
        ["seconds", "bytes", "joules", "grams", "meters", "ratios", "volts", "amperes", "celsius"];

    /// <summary>Returns the unit of a family, or null when its name ends in none.</summary>
    /// <param name="family">The name of the family; that of a counter is without <c>_total</c>.</param>
    public static string? Of(string family) =>
        family.LastIndexOf('_') is var at and >= 0 && _base.Contains(family[(at + 1)..], StringComparer.Ordinal)
            ? family[(at + 1)..]
            : null;
}
