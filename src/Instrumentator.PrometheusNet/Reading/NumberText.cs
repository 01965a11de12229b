using System.Buffers.Text;
using System.Text;

namespace Instrumentator;

/// <summary>Reads a number as the text formats write it.</summary>
internal static class NumberText
{
    /// <summary>Reads any number.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static double Read(ReadOnlySpan<byte> text)
    {
        if (Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length && double.IsFinite(value))
            return value;
        return Encoding.UTF8.GetString(text) switch
        {
            "+Inf" or "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            var other => throw new FormatException($"\"{other}\" is no number"),
        };
    }

    /// <summary>Reads a count, which some write with a fraction of 0.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static long ReadCount(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length ? value : (long)Read(text);
}
