using System.Globalization;

namespace Instrumentator.Testing;

/// <summary>Numbers as the formats have them.</summary>
internal static class NumberText
{
    /// <summary>A number of Prometheus's format; null where it is none.</summary>
    public static double? Prometheus(string word) => word switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => Real(word),
    };

    /// <summary>A number of OpenMetrics; null where it is none.</summary>
    public static double? OpenMetrics(string word) => word.ToUpperInvariant() switch
    {
        "NAN" => double.NaN,
        "INF" or "+INF" or "INFINITY" or "+INFINITY" => double.PositiveInfinity,
        "-INF" or "-INFINITY" => double.NegativeInfinity,
        _ => Real(word),
    };

    /// <summary>A finite number in decimal; null where it is none, or one that a double has no place for.</summary>
    public static double? Real(string word) =>
        word.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E')
            && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>The bound of a bucket or the rank of a quantile; null where it is none.</summary>
    public static double? OfLabel(string? value) => value switch
    {
        null => null,
        "+Inf" => double.PositiveInfinity,
        _ => Real(value),
    };
}
