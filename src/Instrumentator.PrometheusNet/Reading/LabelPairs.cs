using System.Text;

namespace Instrumentator;

/// <summary>Goes through labels as they stand in a scrape, <c>a="1",b="2"</c>, without copying them.</summary>
/// <param name="text">What stands between the braces.</param>
internal ref struct LabelPairs(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _next;

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value, still escaped.</summary>
    public ReadOnlySpan<byte> EscapedValue { get; private set; }

    /// <summary>The value.</summary>
    public readonly string Value => Unescape(EscapedValue);

    /// <summary>Goes to the next label.</summary>
    /// <exception cref="FormatException">What stands there is none.</exception>
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

    /// <summary>Labels without one of them.</summary>
    /// <param name="labels">What stands between the braces.</param>
    /// <param name="name">The one; empty for none.</param>
    /// <param name="number">The number that is its value; null where it does not stand.</param>
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

    /// <summary>How long the labels are, with the braces around them.</summary>
    /// <param name="text">Begins with the brace.</param>
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
