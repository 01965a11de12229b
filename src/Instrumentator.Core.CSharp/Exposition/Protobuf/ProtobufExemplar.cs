using System.Globalization;

namespace Instrumentator;

/// <summary>The writer of exemplars.</summary>
internal static class ProtobufExemplar
{
    private const int NanosPerSecond = 1_000_000_000;

    // The years 1 to 9999, the range of a protobuf timestamp.
    private const double First = -62_135_596_800;
    private const double Last = 253_402_300_799;

    /// <summary>Writes the exemplar, unless it is null or not valid for readers.</summary>
    public static void Write(ProtobufMessage message, int field, Exemplar? exemplar)
    {
        if (exemplar is null || !ExemplarRule.Allows(exemplar))
            return;
        var begin = message.Begin(field);
        foreach (var label in exemplar.Labels.Span)
            ProtobufLabels.Write(message, ExemplarField.Label, label.Name, LabelSet.Clean(label.Value));
        message.Double(ExemplarField.Value, exemplar.Value);
        if (HasTime(exemplar))
            Write(message, exemplar.Timestamp!.Value);
        message.End(begin);
    }

    /// <summary>Returns whether the exemplar has a timestamp that can be written.</summary>
    public static bool HasTime(Exemplar exemplar) => exemplar.Timestamp is >= First and <= Last;

    private static void Write(ProtobufMessage message, double seconds)
    {
        var exact = AsWritten(seconds);
        var whole = decimal.Floor(exact);
        var nanos = (long)decimal.Round((exact - whole) * NanosPerSecond);
        var timestamp = message.Begin(ExemplarField.Timestamp);
        message.Integer(TimestampField.Seconds, (long)whole + (nanos / NanosPerSecond));
        message.Integer(TimestampField.Nanos, nanos % NanosPerSecond);
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
