namespace Instrumentator;

/// <summary>The writer of labels.</summary>
internal static class ProtobufLabels
{
    /// <summary>Writes each label as a field with the given number. Copies from the text of the text formats, which is
    /// contiguous UTF-8, unless that text contains escapes.</summary>
    public static void Write(ProtobufMessage message, int field, LabelSet labels)
    {
        var text = labels.TextAndComma;
        if (text.Contains((byte)'\\'))
            Write(message, field, labels.Names.Span, labels.Values.Span);
        else
            Write(message, field, labels.Names.Span, text);
    }

    private static void Write(
        ProtobufMessage message, int field, ReadOnlySpan<string> names, ReadOnlySpan<string> values)
    {
        for (var i = 0; i < names.Length; i++)
            Write(message, field, names[i], values[i]);
    }

    // The text is name="value",… The name may be quoted, too; then its length in UTF-8 is unknown.
    private static void Write(ProtobufMessage message, int field, ReadOnlySpan<string> names, ReadOnlySpan<byte> text)
    {
        foreach (var name in names)
            text = text[0] == '"' ? WriteAny(message, field, text) : WritePlain(message, field, text, name.Length);
    }

    // Name and value are two bytes apart, as in protobuf, so one copy moves both. Lengths below 128 take one byte.
    private static ReadOnlySpan<byte> WritePlain(ProtobufMessage message, int field, ReadOnlySpan<byte> text, int name)
    {
        var value = text[(name + 2)..].IndexOf((byte)'"');
        if (int.Max(name, value) >= 128)
            return WriteAny(message, field, text);
        var length = name + 2 + value;
        var label = message.Take(field, 2 + length);
        text[..length].CopyTo(label[2..]);
        (label[0], label[1]) = (ProtobufMessage.ShortTag(LabelPairField.Name), (byte)name);
        (label[2 + name], label[3 + name]) = (ProtobufMessage.ShortTag(LabelPairField.Value), (byte)value);
        return text[(length + 2)..];
    }

    private static ReadOnlySpan<byte> WriteAny(ProtobufMessage message, int field, ReadOnlySpan<byte> text)
    {
        var label = message.Begin(field);
        text = text[0] == '"'
            ? Write(message, LabelPairField.Name, text[1..], (byte)'"')[1..]
            : Write(message, LabelPairField.Name, text, (byte)'=');
        text = Write(message, LabelPairField.Value, text[1..], (byte)'"')[1..];
        message.End(label);
        return text;
    }

    // Returns the text after the end byte.
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
