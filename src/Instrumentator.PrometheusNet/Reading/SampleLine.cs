namespace Instrumentator;

/// <summary>A line of a scrape, taken apart where it stands: <c>name{labels} value timestamp # {exemplar}</c>.</summary>
internal readonly ref struct SampleLine
{
    /// <summary>Takes a line apart.</summary>
    /// <exception cref="FormatException">It is no sample.</exception>
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

    /// <summary>What stands between the braces; empty without them.</summary>
    public ReadOnlySpan<byte> Labels { get; }

    public ReadOnlySpan<byte> Value { get; }

    /// <summary>What stands behind <c># </c>; empty without it.</summary>
    public ReadOnlySpan<byte> Exemplar { get; }

    /// <summary>What stands before the labels and the value; empty where there are none.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> line) => line[..Math.Max(line.IndexOfAny((byte)'{', (byte)' '), 0)];

    /// <summary>The first of some words with blanks before and between them.</summary>
    public static ReadOnlySpan<byte> FirstWord(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        var end = text.IndexOf((byte)' ');
        return end < 0 ? text : text[..end];
    }
}
