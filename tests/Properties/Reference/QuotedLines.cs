using System.Text.RegularExpressions;

namespace Instrumentator.Properties.Reference;

/// <summary>A line of a text format with quoted names: metadata has a keyword and its text, a sample has labels and its
/// number.</summary>
internal sealed record QuotedLine(string Keyword, string Name, ValueList<Label> Labels, string Text);

/// <summary>Reads such lines, and nothing else of the formats:
/// https://prometheus.io/docs/instrumenting/exposition_formats/ and https://prometheus.io/docs/guides/utf8/.</summary>
internal static partial class QuotedLines
{
    private const string Quoted = """
        "(?:[^"\\\n]|\\[\\"n])*"
        """;
    private const string Plain = "[a-zA-Z_][a-zA-Z0-9_]*";
    private const string PlainMetric = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private const string Label = $"(?<label>(?:{Plain}|{Quoted})={Quoted})";
    private const string Labels = $"(?:{Label}(?:,{Label})*)?";

    public static IEnumerable<QuotedLine> Read(string text)
    {
        var lines = text.Split('\n');
        return lines is [.. var body, ""]
            ? body.Where(line => line != "# EOF").Select(Line)
            : throw new FormatException("The last line does not end.");
    }

    private static QuotedLine Line(string line)
    {
        if (Metadata().Match(line) is { Success: true } metadata)
        {
            return new(
                metadata.Groups["keyword"].Value,
                Unquoted(metadata.Groups["name"].Value),
                [],
                metadata.Groups["text"].Value);
        }
        if (Sample().Match(line) is { Success: true } sample)
        {
            return new(
                "",
                Unquoted(sample.Groups["name"].Value),
                [.. sample.Groups["label"].Captures.Select(label => Pair(label.Value))],
                sample.Groups["text"].Value);
        }
        throw new FormatException($"{Show.Value(line)} is no line.");
    }

    private static Label Pair(string label)
    {
        var parts = PairOf().Match(label);
        return new(Unquoted(parts.Groups["name"].Value), Unquoted(parts.Groups["value"].Value));
    }

    private static string Unquoted(string text) => text.StartsWith('"')
        ? Escape().Replace(text[1..^1], escape => escape.Value == "\\n" ? "\n" : escape.Value[1..])
        : text;

    [GeneratedRegex(
        $@"\A# (?<keyword>HELP|TYPE|UNIT) (?<name>{PlainMetric}|{Quoted}) (?<text>.*)\z",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Metadata();

    [GeneratedRegex(
        $$"""\A(?:(?<name>{{PlainMetric}})(?:\{{{Labels}}\})?"""
        + $$"""|\{(?<name>{{Quoted}})(?:,{{Label}})*\}) (?<text>[^ ]+)\z""",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Sample();

    [GeneratedRegex($@"\A(?<name>{Plain}|{Quoted})=(?<value>{Quoted})\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PairOf();

    [GeneratedRegex("""\\[\\"n]""", RegexOptions.None, 1000)]
    private static partial Regex Escape();
}
