using System.Text;

namespace Instrumentator.Testing;

/// <summary>The parts of a line, which differ little between the formats: names, labels, escaped text.</summary>
/// <param name="IsOpenMetrics">Whether the format is OpenMetrics: only single blanks between words, no comma after the
/// last label, and a backslash allowed before any character.</param>
/// <param name="QuotedNames">Whether names of any characters may be quoted.</param>
internal sealed record Grammar(bool IsOpenMetrics, bool QuotedNames)
{
    /// <summary>Reads a name and its labels, <c>name{label="value"}</c> or <c>{"name",label="value"}</c>.</summary>
    public (string Name, ValueList<Label> Labels) ReadSeries(SourceLine line)
    {
        if (QuotedNames && line.Take('{'))
            return ReadQuotedSeries(line);
        var name = ReadPlainName(line, colons: true);
        SkipBlanks(line);
        return (name, line.Take('{') ? ReadLabels(line) : []);
    }

    /// <summary>Reads the metric name on a metadata line.</summary>
    public string ReadMetricName(SourceLine line) => ReadName(line, colons: true);

    /// <summary>Reads the labels after an opening brace, and the closing brace.</summary>
    public ValueList<Label> ReadLabels(SourceLine line)
    {
        var labels = new List<Label>();
        SkipBlanks(line);
        while (!line.Take('}'))
        {
            labels.Add(ReadLabel(line, labels));
            ReadComma(line);
        }
        return ValueList.From(labels);
    }

    /// <summary>Reads escaped text up to a quote, or to the end of the line if the text is not quoted.</summary>
    public string ReadEscaped(SourceLine line, bool isQuoted)
    {
        var text = new StringBuilder();
        while (!line.IsAtEnd && !(isQuoted && line.Next == '"'))
        {
            var c = line.Take();
            if (c == '"' && IsOpenMetrics)
                throw line.Error("A quote must be written as \\\"");
            text.Append(c == '\\' ? ReadEscape(line, isQuoted) : $"{c}");
        }
        return text.ToString();
    }

    public void SkipBlanks(SourceLine line)
    {
        if (!IsOpenMetrics)
            line.SkipBlanks();
    }

    // The metric name comes first. Before an equals sign it is a label name.
    private (string Name, ValueList<Label> Labels) ReadQuotedSeries(SourceLine line)
    {
        SkipBlanks(line);
        if (line.Next != '"')
            throw line.Expected("a name in quotes");
        var name = ReadQuotedName(line);
        SkipBlanks(line);
        if (line.Next == '=')
        {
            throw line.Error(
                "The first item in the braces must be the name of the metric, since there is none before them");
        }
        ReadComma(line);
        return (name, ReadLabels(line));
    }

    private Label ReadLabel(SourceLine line, List<Label> before)
    {
        var name = ReadName(line, colons: false);
        if (before.Exists(label => label.Name == name))
            throw line.Error($"The label {name} occurs twice");
        SkipBlanks(line);
        line.Expect('=');
        SkipBlanks(line);
        return new Label(name, ReadQuoted(line));
    }

    private void ReadComma(SourceLine line)
    {
        SkipBlanks(line);
        var isComma = line.Take(',');
        if (!isComma && line.Next != '}')
            throw line.Expected("a comma or a closing brace");
        SkipBlanks(line);
        if (isComma && IsOpenMetrics && line.Next == '}')
            throw line.Expected("a label after the comma");
    }

    private string ReadName(SourceLine line, bool colons) =>
        QuotedNames && line.Next == '"' ? ReadQuotedName(line) : ReadPlainName(line, colons);

    private string ReadQuotedName(SourceLine line) =>
        ReadQuoted(line) is { Length: > 0 } name ? name : throw line.Error("A name must not be empty");

    private static string ReadPlainName(SourceLine line, bool colons)
    {
        var name = line.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '_' || colons && c == ':');
        return name.Length > 0 && !char.IsAsciiDigit(name[0]) ? name : throw line.Expected("a name", back: name.Length);
    }

    private string ReadQuoted(SourceLine line)
    {
        line.Expect('"');
        var text = ReadEscaped(line, isQuoted: true);
        line.Expect('"');
        return text;
    }

    private string ReadEscape(SourceLine line, bool isQuoted) => line.Take() switch
    {
        '\\' => "\\",
        'n' => "\n",
        '"' when isQuoted || IsOpenMetrics => "\"",
        var other => IsOpenMetrics ? $"\\{other}" : throw line.Error($"\\{other} is not an escape sequence"),
    };
}
