using System.Globalization;

namespace Instrumentator;

/// <summary>Writes exemplars.</summary>
internal static class ProtobufExemplar
{
    private const int NanosPerSecond = 1_000_000_000;

    // The years 1 to 9999, which a timestamp can tell.
    private const double First = -62_135_596_800;
    private const double Last = 253_402_300_799;

    /// <summary>Writes one, unless it is null, or none that a reader may take.</summary>
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

    /// <summary>Whether it has a timestamp that can be written.</summary>
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

    // The number that text formats write. The double itself may be a little below it, and readers cut at the millisecond.
    private static decimal AsWritten(double seconds)
    {
        Span<byte> text = stackalloc byte[Numbers.MostBytes];
        return decimal.Parse(text[..Numbers.Write(seconds, text)], NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
