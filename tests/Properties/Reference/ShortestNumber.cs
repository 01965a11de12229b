using System.Globalization;
using System.Text;

namespace Instrumentator.Properties.Reference;

/// <summary>Go's <c>%g</c> with the fewest digits that read back as the same double, and <c>.0</c> after whole
/// numbers.</summary>
/// <remarks>Tries more and more digits. The library gets the shortest digits from .NET instead.</remarks>
internal static class ShortestNumber
{
    public static string Of(double value)
    {
        if (double.IsPositiveInfinity(value))
            return "+Inf";
        if (value == 0)
            return "0.0";
        var (digits, exponent) = Digits(Math.Abs(value));
        var text = new StringBuilder(value < 0 ? "-" : "");
        if (exponent is < -4 or > 5)
        {
            text.Append(digits[0]).Append(digits.Length > 1 ? "." + digits[1..] : "");
            return text
                .Append(CultureInfo.InvariantCulture, $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):D2}")
                .ToString();
        }

        // Digit by digit, from the first digit (at least the units) to the last one (at least the tenths).
        for (var power = Math.Max(exponent, 0); power >= Math.Min(exponent - digits.Length + 1, -1); power--)
        {
            if (power == -1)
                text.Append('.');
            var place = exponent - power;
            text.Append(place >= 0 && place < digits.Length ? digits[place] : '0');
        }
        return text.ToString();
    }

    private static (string Digits, int Exponent) Digits(double positive)
    {
        for (var behindFirst = 0; ; behindFirst++)
        {
            // The nearest text of that length. At a power of two, the text next to it may read back as the same double
            // when the nearest one does not.
            var parts = positive.ToString($"E{behindFirst}", CultureInfo.InvariantCulture).Split('E');
            var (mantissa, exponent) = (
                decimal.Parse(parts[0], CultureInfo.InvariantCulture),
                int.Parse(parts[1], CultureInfo.InvariantCulture));
            var step = (decimal)Math.Pow(10, -behindFirst);
            foreach (var candidate in new[] { mantissa, mantissa + step, mantissa - step })
            {
                var text = candidate.ToString(CultureInfo.InvariantCulture);
                if (double.Parse($"{text}E{exponent}", CultureInfo.InvariantCulture) == positive)
                    return (text.Replace(".", "", StringComparison.Ordinal).TrimEnd('0'), exponent);
            }
        }
    }
}
