using System.Globalization;

namespace Instrumentator;

/// <summary>The writer of times.</summary>
internal static class ProtobufTimestamp
{
    private const int NanosPerSecond = 1_000_000_000;
    private const int MicrosPerSecond = 1_000_000;
    private const int NanosPerMicro = 1_000;

    /// <summary>Writes a time in seconds since 1970 (UTC), unless it is null or out of range.</summary>
    public static void Write(ProtobufMessage message, int field, double? seconds)
    {
        if (UnixTime.Valid(seconds) is { } valid)
            Write(message, field, valid);
    }

    // Nearly all times are whole microseconds. The result is that of the slower way.
    private static void Write(ProtobufMessage message, int field, double seconds)
    {
        var micros = Math.Round(seconds * MicrosPerSecond);
        if (micros / MicrosPerSecond != seconds || micros < 0)
        {
            WriteSlow(message, field, seconds);
            return;
        }
        var (whole, rest) = Math.DivRem((long)micros, MicrosPerSecond);
        Write(message, field, whole, rest * NanosPerMicro);
    }

    private static void WriteSlow(ProtobufMessage message, int field, double seconds)
    {
        var exact = AsWritten(seconds);
        var whole = decimal.Floor(exact);
        var nanos = (long)decimal.Round((exact - whole) * NanosPerSecond);
        Write(message, field, (long)whole + (nanos / NanosPerSecond), nanos % NanosPerSecond);
    }

    private static void Write(ProtobufMessage message, int field, long seconds, long nanos)
    {
        var timestamp = message.Begin(field);
        message.Integer(TimestampField.Seconds, seconds);
        message.Integer(TimestampField.Nanos, nanos);
        message.End(timestamp);
    }

    // Returns the number that text formats write. The double may be slightly below it, and readers truncate to
    // milliseconds.
    private static decimal AsWritten(double seconds)
    {
        Span<byte> text = stackalloc byte[Numbers.MaxBytes];
        return decimal.Parse(text[..Numbers.Write(seconds, text)], NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
