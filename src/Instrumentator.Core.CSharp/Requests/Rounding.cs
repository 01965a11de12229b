using System.Globalization;
using System.Numerics;

namespace Instrumentator;

/// <summary>Decimal rounding of the exact binary value, ties to even, as Python's <c>round</c> does it.</summary>
/// <remarks>
/// <c>Math.Round(value, digits)</c> scales first, which changes the number: it rounds 2.675 to 2.68, but the double is
/// 2.67499999999999982236431605997495353221893310546875. See https://docs.python.org/3/library/functions.html#round.
/// </remarks>
internal static class Rounding
{
    // 10^22 is the largest power of ten that a double holds exactly.
    private const int LargestExactPower = 22;

    // From here on, half a unit in the last requested place is less than half the distance to the next double.
    private const double FirstUnchanged = 1L << 54;

    // Python's own limits: more decimals than any double has, or more digits dropped than any double has.
    private const int MaxDecimals = 323;
    private const int FewestDecimals = -308;

    private static readonly double[] _powersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    ];

    /// <summary>Returns the double nearest to <paramref name="value"/> rounded to the given decimals.</summary>
    /// <param name="value">Any number; NaN and infinities are returned unchanged.</param>
    /// <param name="decimals">The number of decimals to keep; negative numbers round to tens.</param>
    /// <remarks>Idempotent and monotonic. Allocates only for numbers very close to a tie and for decimals outside 0 to
    /// 22.</remarks>
    public static double Round(double value, int decimals)
    {
        if (!double.IsFinite(value) || value == 0 || decimals > MaxDecimals)
            return value;
        if (decimals is < 0 or > LargestExactPower)
            return RoundSlow(value, decimals);

        // The product is off by at most half a unit in its last place. When that error cannot reach the tie between
        // two whole numbers, the nearest whole number is right, and dividing it by an exact power of ten rounds
        // correctly.
        var power = _powersOfTen[decimals];
        var scaled = Math.Abs(value) * power;
        if (scaled >= FirstUnchanged)
            return value;
        var whole = Math.Round(scaled, MidpointRounding.ToEven);
        var toTie = Math.Abs(Math.Abs(scaled - whole) - 0.5);
        return toTie > Math.BitIncrement(scaled) - scaled
            ? Math.CopySign(whole / power, value)
            : RoundSlow(value, decimals);
    }

    /// <summary>Rounds with big integers: value × 10^decimals as a fraction, divided with ties to even.</summary>
    private static double RoundSlow(double value, int decimals)
    {
        if (decimals < FewestDecimals)
            return Math.CopySign(0, value);
        var (numerator, denominator) = Fraction(Math.Abs(value));
        if (decimals >= 0)
            numerator *= BigInteger.Pow(10, decimals);
        else
            denominator *= BigInteger.Pow(10, -decimals);
        var digits = DivideToEven(numerator, denominator);
        var text = string.Create(CultureInfo.InvariantCulture, $"{digits}E{-decimals}");
        return Math.CopySign(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), value);
    }

    private static (BigInteger Numerator, BigInteger Denominator) Fraction(double positive)
    {
        var bits = BitConverter.DoubleToInt64Bits(positive);
        var exponent = (int)(bits >> 52);
        var mantissa = bits & ((1L << 52) - 1) | (exponent == 0 ? 0 : 1L << 52);
        var shift = Math.Max(exponent, 1) - 1075;
        return shift >= 0 ? (new BigInteger(mantissa) << shift, 1) : (mantissa, BigInteger.One << -shift);
    }

    private static BigInteger DivideToEven(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        var beyondHalf = (rest * 2).CompareTo(denominator);
        return beyondHalf > 0 || beyondHalf == 0 && !quotient.IsEven ? quotient + 1 : quotient;
    }
}

/// <summary>The rule for durations: rounded when the configuration says so, before any bucket is chosen.</summary>
internal static class DurationRule
{
    public static double Apply(double seconds, Config config) =>
        config.LatencyDecimals is { } decimals ? Rounding.Round(seconds, decimals) : seconds;
}
