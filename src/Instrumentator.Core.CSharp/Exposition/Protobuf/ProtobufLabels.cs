namespace Instrumentator;

/// <summary>Writes labels.</summary>
internal static class ProtobufLabels
{
    /// <summary>Writes each as a field of this number. As text formats write them they are in UTF-8 already, and lie together; unless something is escaped there.</summary>
    public static void Write(ProtobufMessage message, int field, LabelSet labels)
    {
        var text = labels.TextAndComma;
        if (text.Contains((byte)'\\'))
            Write(message, field, labels.Names.Span, labels.Values.Span);
        else
            Write(message, field, text);
    }

    private static void Write(ProtobufMessage message, int field, ReadOnlySpan<string> names, ReadOnlySpan<string> values)
    {
        for (var i = 0; i < names.Length; i++)
            Write(message, field, names[i], values[i]);
    }

    // name="value",… where "name" may stand between quotes, too.
    private static void Write(ProtobufMessage message, int field, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var label = message.Begin(field);
            if (text[0] == '"')
                text = Write(message, LabelPairField.Name, text[1..], (byte)'"')[1..];
            else
                text = Write(message, LabelPairField.Name, text, (byte)'=');
            text = Write(message, LabelPairField.Value, text[1..], (byte)'"')[1..];
            message.End(label);
        }
    }

    // Returns what is behind the end.
    private static ReadOnlySpan<byte> Write(ProtobufMessage message, int field, ReadOnlySpan<byte> text, byte end)
    {
        var length = text.IndexOf(end);
        message.Text(field, text[..length]);
        return text[(length + 1)..];
    }

    public static void Write(ProtobufMessage message, int field, string name, string value)
    {
        var label = message.Begin(field);
        message.Text(LabelPairField.Name, name);
        message.Text(LabelPairField.Value, value);
        message.End(label);
    }
}
