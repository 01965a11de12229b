using System.Globalization;

namespace Instrumentator;

/// <summary>Numbers in the text formats: the shortest text that parses to the same double, in the invariant
/// culture.</summary>
internal static class Numbers
{
    /// <summary>The buffer size for any number, in bytes; the longest is <c>-2.2250738585072014E-308</c>.</summary>
    public const int MaxBytes = 32;

    // Whole numbers below this one are exact, and faster to write as integers.
    private const double FirstInexact = 1L << 53;

    /// <summary>Writes the value of a sample and returns the number of bytes written.</summary>
    public static int Write(double value, Span<byte> target)
    {
        if (Math.Abs(value) < FirstInexact
            && Math.Truncate(value) == value
            && !(value == 0 && double.IsNegative(value)))
        {
            return Write((long)value, target);
        }
        if (!double.IsFinite(value))
            return WriteWord(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8, target);
        if (!Fractions.TryWrite(value, target, out var written))
            value.TryFormat(target, out written, default, CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary>Writes a count and returns the number of bytes written.</summary>
    public static int Write(long value, Span<byte> target)
    {
        value.TryFormat(target, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary>Returns the upper bound of a bucket as the value of the label <c>le</c>.</summary>
    /// <remarks>
    /// The canonical form of OpenMetrics 1.0: Go's %g, with <c>.0</c> after whole numbers: 0.1, 1.0, 1e+06, 1e-05. A
    /// series must keep its labels forever, whichever library writes it; the original and Prometheus 3 use this form.
    /// </remarks>
    public static string UpperBound(double bound)
    {
        if (double.IsPositiveInfinity(bound))
            return "+Inf";
        var (digits, exponent) = ShortestDecimal(Math.Abs(bound));
        return (bound < 0 ? "-" : "")
            + (exponent is < -4 or >= 6 ? Scientific(digits, exponent) : Plain(digits, exponent));
    }

    /// <summary>Returns the digits without the decimal point, and the power of ten of the first digit.</summary>
    private static (string Digits, int Exponent) ShortestDecimal(double positive)
    {
        var parts = positive.ToString(CultureInfo.InvariantCulture).Split('E');
        var scale = parts.Length > 1
            ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : 0;
        var (mantissa, point) = (parts[0], parts[0].IndexOf('.', StringComparison.Ordinal));
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var significant = digits.TrimStart('0');
        var first = (point < 0 ? mantissa.Length : point) - 1 - (digits.Length - significant.Length);
        return significant.Length == 0 ? ("0", 0) : (significant.TrimEnd('0'), first + scale);
    }

    private static string Scientific(string digits, int exponent) => string.Create(
        CultureInfo.InvariantCulture,
        $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}"
            + $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        var padded = digits.PadRight(exponent + 1, '0');
        return padded.Length == exponent + 1 ? padded + ".0" : padded.Insert(exponent + 1, ".");
    }

    private static int WriteWord(ReadOnlySpan<byte> word, Span<byte> target)
    {
        word.CopyTo(target);
        return word.Length;
    }
}
