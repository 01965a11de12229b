namespace Instrumentator;

/// <summary>The parts of a line of a scrape, not copied: <c>name{labels} value timestamp # {exemplar}</c>.</summary>
internal readonly ref struct SampleLine
{
    /// <summary>Splits a line into its parts.</summary>
    /// <exception cref="FormatException">The line is not a sample.</exception>
    public SampleLine(ReadOnlySpan<byte> line)
    {
        Name = NameOf(line);
        if (Name.IsEmpty)
            throw new FormatException("a sample has a name, a blank and a value");
        var rest = line[Name.Length..];
        if (rest[0] == '{')
        {
            var length = LabelPairs.LengthOf(rest);
            Labels = rest[1..(length - 1)];
            rest = rest[length..];
        }
        var exemplarAt = rest.IndexOf(" # "u8);
        Exemplar = exemplarAt < 0 ? default : rest[(exemplarAt + 3)..];
        Value = FirstWord(exemplarAt < 0 ? rest : rest[..exemplarAt]);
    }

    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Gets the text between the braces; empty without braces.</summary>
    public ReadOnlySpan<byte> Labels { get; }

    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Gets the text after <c># </c>; empty without it.</summary>
    public ReadOnlySpan<byte> Exemplar { get; }

    /// <summary>Returns the text before the labels and the value; empty when there are none.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> line) =>
        line[..Math.Max(line.IndexOfAny((byte)'{', (byte)' '), 0)];

    /// <summary>Returns the first word of a text in which spaces precede and separate words.</summary>
    public static ReadOnlySpan<byte> FirstWord(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        var end = text.IndexOf((byte)' ');
        return end < 0 ? text : text[..end];
    }
}
