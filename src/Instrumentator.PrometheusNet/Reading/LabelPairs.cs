using System.Text;

namespace Instrumentator;

/// <summary>Enumerates the labels of a scrape, <c>a="1",b="2"</c>, without copying them.</summary>
/// <param name="text">The text between the braces.</param>
internal ref struct LabelPairs(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _next;

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Gets the value, still escaped.</summary>
    public ReadOnlySpan<byte> EscapedValue { get; private set; }

    /// <summary>Gets the value.</summary>
    public readonly string Value => Unescape(EscapedValue);

    /// <summary>Moves to the next label.</summary>
    /// <exception cref="FormatException">The text there is not a label.</exception>
    public bool MoveNext()
    {
        var rest = _text[_next..].TrimStart(" ,"u8);
        if (rest.IsEmpty)
            return false;
        var equals = rest.IndexOf("=\""u8);
        if (equals <= 0)
            throw new FormatException("a label is name=\"value\"");
        Name = rest[..equals];
        var quoted = rest[(equals + 1)..];
        EscapedValue = quoted[1..(QuotedLength(quoted) - 1)];
        _next = _text.Length - quoted.Length + EscapedValue.Length + 2;
        return true;
    }

    /// <summary>Returns the labels without one of them.</summary>
    /// <param name="labels">The text between the braces.</param>
    /// <param name="name">The label to remove; empty for none.</param>
    /// <param name="number">The value of that label, a number; null when the label is missing.</param>
    public static ReadOnlySpan<byte> SplitOff(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> name, out double? number)
    {
        number = null;
        if (name.IsEmpty)
            return labels;
        var pairs = new LabelPairs(labels);
        for (var start = 0; pairs.MoveNext(); start = pairs._next)
        {
            if (!pairs.Name.SequenceEqual(name))
                continue;
            number = NumberText.Read(pairs.EscapedValue);
            var rest = labels[pairs._next..];
            return rest.IsEmpty ? labels[..start] : (byte[])[.. labels[..start], .. start == 0 ? rest[1..] : rest];
        }
        return labels;
    }

    /// <summary>Returns the length of the labels, including the braces.</summary>
    /// <param name="text">A text that starts with the brace.</param>
    public static int LengthOf(ReadOnlySpan<byte> text)
    {
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '}')
                return at + 1;
            if (text[at] == '"')
                at += QuotedLength(text[at..]) - 1;
        }
        throw new FormatException("labels end with }");
    }

    private static int QuotedLength(ReadOnlySpan<byte> text)
    {
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '"')
                return at + 1;
            if (text[at] == '\\')
                at++;
        }
        throw new FormatException("a label's value ends with a quote");
    }

    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var text = Encoding.UTF8.GetString(escaped);
        return escaped.Contains((byte)'\\') ? EscapedText.Undo(text) : text;
    }
}
