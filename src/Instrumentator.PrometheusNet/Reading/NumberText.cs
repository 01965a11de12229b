using System.Buffers.Text;
using System.Text;

namespace Instrumentator;

/// <summary>Parses numbers of the text formats.</summary>
internal static class NumberText
{
    /// <summary>Parses any number.</summary>
    /// <exception cref="FormatException">The text is not a number.</exception>
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

    /// <summary>Parses a count, which some libraries write with a fraction of 0.</summary>
    /// <exception cref="FormatException">The text is not a number.</exception>
    public static long ReadCount(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length ? value : (long)Read(text);
}
