using System.Globalization;

namespace Instrumentator.Testing;

/// <summary>Parsing of numbers in either format.</summary>
internal static class NumberText
{
    /// <summary>Parses a number in Prometheus text format; null if it is none.</summary>
    public static double? Prometheus(string word) => word switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => Real(word),
    };

    /// <summary>Parses a number in OpenMetrics; null if it is none.</summary>
    public static double? OpenMetrics(string word) => word.ToUpperInvariant() switch
    {
        "NAN" => double.NaN,
        "INF" or "+INF" or "INFINITY" or "+INFINITY" => double.PositiveInfinity,
        "-INF" or "-INFINITY" => double.NegativeInfinity,
        _ => Real(word),
    };

    /// <summary>Parses a finite decimal number; null if it is none or out of range of a double.</summary>
    public static double? Real(string word) =>
        word.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E')
            && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : null;

    /// <summary>Parses the upper bound of a bucket or the rank of a quantile; null if it is none.</summary>
    public static double? OfLabel(string? value) => value switch
    {
        null => null,
        "+Inf" => double.PositiveInfinity,
        _ => Real(value),
    };
}
