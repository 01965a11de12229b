namespace Instrumentator;

/// <summary>Writes labels.</summary>
internal static class ProtobufLabels
{
    /// <summary>Writes each as a field of this number.</summary>
    public static void Write(ProtobufMessage message, int field, ReadOnlySpan<string> names, ReadOnlySpan<string> values)
    {
        for (var i = 0; i < names.Length; i++)
            Write(message, field, names[i], values[i]);
    }

    public static void Write(ProtobufMessage message, int field, string name, string value)
    {
        var label = message.Begin(field);
        message.Text(LabelPairField.Name, name);
        message.Text(LabelPairField.Value, value);
        message.End(label);
    }
}
