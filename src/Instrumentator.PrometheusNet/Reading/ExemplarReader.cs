using System.Text;

namespace Instrumentator;

/// <summary>Reads an exemplar: <c>{trace_id="…"} value timestamp</c>.</summary>
internal static class ExemplarReader
{
    /// <summary>The exemplar; null where none stands, or one that is no exemplar: a library that does not escape its labels must not cost a scrape.</summary>
    /// <param name="text">What stands behind <c># </c>.</param>
    public static Exemplar? Read(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != '{')
            return null;
        try
        {
            var length = LabelPairs.LengthOf(text);
            var rest = text[length..].TrimStart((byte)' ');
            var value = SampleLine.FirstWord(rest);
            var timestamp = SampleLine.FirstWord(rest[value.Length..]);
            return new Exemplar(Labels(text[1..(length - 1)]), NumberText.Read(value), timestamp.IsEmpty ? null : NumberText.Read(timestamp));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static ValueList<Label> Labels(ReadOnlySpan<byte> text)
    {
        var labels = new List<Label>();
        var pairs = new LabelPairs(text);
        while (pairs.MoveNext())
            labels.Add(new Label(Encoding.UTF8.GetString(pairs.Name), pairs.Value));
        return ValueList.From(labels);
    }
}
