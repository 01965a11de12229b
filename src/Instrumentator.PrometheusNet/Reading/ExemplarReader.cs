using System.Text;

namespace Instrumentator;

/// <summary>Parses an exemplar: <c>{trace_id="…"} value timestamp</c>.</summary>
internal static class ExemplarReader
{
    /// <summary>Returns the exemplar; null when it is missing or invalid: a library that does not escape its labels
    /// must not fail the scrape.</summary>
    /// <param name="text">The text after <c># </c>.</param>
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
            return new Exemplar(
                Labels(text[1..(length - 1)]),
                NumberText.Read(value),
                timestamp.IsEmpty ? null : NumberText.Read(timestamp));
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
