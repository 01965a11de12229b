namespace Instrumentator;

/// <summary>The writer of exemplars.</summary>
internal static class ProtobufExemplar
{
    /// <summary>Writes the exemplar, unless it is null or not valid for readers.</summary>
    public static void Write(ProtobufMessage message, int field, Exemplar? exemplar)
    {
        if (exemplar is null || !ExemplarRule.Allows(exemplar))
            return;
        var begin = message.Begin(field);
        foreach (var label in exemplar.Labels.Span)
            ProtobufLabels.Write(message, ExemplarField.Label, label.Name, LabelSet.Clean(label.Value));
        message.Double(ExemplarField.Value, exemplar.Value);
        ProtobufTimestamp.Write(message, ExemplarField.Timestamp, exemplar.Timestamp);
        message.End(begin);
    }

    /// <summary>Returns whether the exemplar has a timestamp that can be written.</summary>
    public static bool HasTime(Exemplar exemplar) => UnixTime.Valid(exemplar.Timestamp) is not null;
}
