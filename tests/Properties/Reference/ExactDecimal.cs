using System.Globalization;
using System.Numerics;

namespace Instrumentator.Properties.Reference;

/// <summary>Decimal rounding by hand: writes all digits of a double, and decides which ones to keep.</summary>
/// <remarks>Works on digits as text, while the library compares numbers: the two share neither a method nor its
/// mistakes.</remarks>
internal static class ExactDecimal
{
    /// <summary>Rounds to a number of decimals, ties to even, and returns the nearest double.</summary>
    public static double Round(double value, int decimals)
    {
        if (!double.IsFinite(value))
            return value;
        var text = RoundedText(Math.Abs(value), decimals);
        return Math.CopySign(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), value);
    }

    /// <summary>Returns all digits of a number that is not negative, and the number of decimals.</summary>
    public static (string Digits, int Decimals) Expand(double value)
    {
        // Doubling is exact, so this finds the whole number that is the double times a power of two.
        var (scaled, halvings) = (value, 0);
        while (Math.Truncate(scaled) != scaled)
            (scaled, halvings) = (scaled * 2, halvings + 1);

        // n / 2^k is n·5^k / 10^k: the digits of n·5^k with the point k places further left.
        return (
            (new BigInteger(scaled) * BigInteger.Pow(5, halvings)).ToString(CultureInfo.InvariantCulture),
            halvings);
    }

    private static string RoundedText(double value, int decimals)
    {
        var (digits, behindPoint) = Expand(value);
        var dropped = (long)behindPoint - decimals;
        if (dropped <= 0)
            return $"{digits}E-{behindPoint}";
        if (dropped > digits.Length)
            return "0";

        var (kept, rest) = (digits[..^(int)dropped], digits[^(int)dropped..]);
        var half = "5".PadRight(rest.Length, '0');
        var order = string.CompareOrdinal(rest, half);
        var isOdd = kept.Length > 0 && "13579".Contains(kept[^1], StringComparison.Ordinal);
        return $"{(order > 0 || order == 0 && isOdd ? Successor(kept) : "0" + kept)}E{-(long)decimals}";
    }

    /// <summary>Returns the next whole number, by addition on paper.</summary>
    private static string Successor(string digits)
    {
        var nines = digits.Length - digits.TrimEnd('9').Length;
        var head = digits[..^nines];
        return (head.Length == 0 ? "1" : head[..^1] + (char)(head[^1] + 1)) + new string('0', nines);
    }
}
