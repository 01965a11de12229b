using System.Globalization;

namespace Instrumentator;

/// <summary>A faster equivalent of
/// <see cref="double.TryFormat(Span{byte}, out int, ReadOnlySpan{char}, IFormatProvider?)"/> for fractions in the range
/// of sums of seconds.</summary>
/// <remarks>
/// The algorithm of Raffaello Giulietti, "The Schubfach way to render doubles" (2020), for the numbers that need
/// neither a large table nor an estimate: their last bit is worth 2⁻⁶⁰ or more, and the power of ten that moves it
/// in front of the decimal point fits into 64 bits.
/// </remarks>
internal static class Fractions
{
    private const int FractionBits = 52;
    private const int MaxShift = 60;

    private static ReadOnlySpan<ulong> PowersOfTen =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ];

    /// <summary>Writes a number, unless it is too small, so large that it has to be whole, or a power of two, whose
    /// neighbors are not equally distant.</summary>
    /// <param name="value">A number that is not whole.</param>
    /// <param name="target">At least <see cref="Numbers.MaxBytes"/> bytes.</param>
    /// <param name="written">The number of bytes written.</param>
    public static bool TryWrite(double value, Span<byte> target, out int written)
    {
        written = 0;
        var bits = BitConverter.DoubleToUInt64Bits(Math.Abs(value));
        var fraction = bits & ((1UL << FractionBits) - 1);
        var shift = 1023 + FractionBits - (int)(bits >> FractionBits);
        if (shift is < 1 or > MaxShift || fraction == 0)
            return false;
        var (digits, decimals) = Shortest(fraction | (1UL << FractionBits), shift);
        written = Write(value < 0, digits, decimals, target);
        return true;
    }

    /// <summary>Returns the shortest decimal that is nearer to <c>significand / 2^shift</c> than to its neighbors;
    /// among those of the same length, the nearest.</summary>
    private static (ulong Digits, int Decimals) Shortest(ulong significand, int shift)
    {
        // The least power of ten not below 2^shift gives enough decimals to distinguish neighbors. 1233/4096
        // approximates the decimal logarithm of 2 closely enough here.
        var decimals = ((shift * 1233) >> 12) + 1;
        var power = PowersOfTen[decimals];

        // In units in which a neighbor is `power` away, and one unit of the last decimal is `one`.
        var (one, halfway) = (1UL << shift, power / 2);
        var high = Math.BigMul(significand, power, out var low);
        var (floor, rest) = ((high << (64 - shift)) | (low >> shift), low & (one - 1));

        // One decimal fewer may be enough; only one of the two candidates around the number can qualify.
        var (tens, last) = Math.DivRem(floor, 10);
        var below = (last << shift) + rest;
        if (below < halfway)
            return WithoutZeros(tens, decimals - 1);
        if ((10UL << shift) - below < halfway)
            return WithoutZeros(tens + 1, decimals - 1);
        var isUp = rest > one / 2 || (rest == one / 2 && ulong.IsOddInteger(floor));
        return (isUp ? floor + 1 : floor, decimals);
    }

    private static (ulong Digits, int Decimals) WithoutZeros(ulong digits, int decimals)
    {
        while (Math.DivRem(digits, 10) is (var fewer, 0))
            (digits, decimals) = (fewer, decimals - 1);
        return (digits, decimals);
    }

    private static int Write(bool isNegative, ulong digits, int decimals, Span<byte> target)
    {
        var length = 0;
        if (isNegative)
            target[length++] = (byte)'-';
        var power = PowersOfTen[decimals];
        var (whole, fraction) = Math.DivRem(digits, power);
        whole.TryFormat(target[length..], out var written, default, CultureInfo.InvariantCulture);
        length += written;

        // A leading 1 preserves the zeros of the fraction; the point replaces it.
        (power + fraction).TryFormat(target[length..], out written, default, CultureInfo.InvariantCulture);
        target[length] = (byte)'.';
        return length + written;
    }
}
