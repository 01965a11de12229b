using System.Globalization;

namespace Instrumentator.Testing;

/// <summary>A line-by-line parser of Prometheus text format, 0.0.4 and 1.0.0.</summary>
/// <remarks>Written from https://prometheus.io/docs/instrumenting/exposition_formats/ alone, not from the code of a
/// writer.</remarks>
internal sealed class PrometheusParser(Grammar grammar)
{
    private static readonly string[] _types = ["counter", "gauge", "histogram", "summary", "untyped"];

    private readonly ReadFamilies _families = new(SuffixesOf, "untyped");
    private readonly HashSet<string> _series = new(StringComparer.Ordinal);

    public static ParsedScrape Parse(string text, bool quotedNames)
    {
        var parser = new PrometheusParser(new Grammar(IsOpenMetrics: false, quotedNames));
        var lines = SourceLine.Split(text);
        if (!lines[^1].IsAtEnd)
            throw lines[^1].Error("The last line must end with a line feed");
        foreach (var line in lines)
            parser.Read(line);
        foreach (var family in parser._families.All)
            PrometheusRules.Check(family);
        return parser._families.ToScrape();
    }

    private static string[] SuffixesOf(string type) => type switch
    {
        "histogram" => ["_bucket", "_sum", "_count"],
        "summary" => ["", "_sum", "_count"],
        _ => [""],
    };

    private void Read(SourceLine line)
    {
        line.SkipBlanks();
        if (line.Take('#'))
            ReadComment(line);
        else if (!line.IsAtEnd)
            ReadSample(line);
    }

    private void ReadComment(SourceLine line)
    {
        line.SkipBlanks();
        var keyword = line.TakeWord();
        if (keyword is not ("HELP" or "TYPE"))
            return;
        line.SkipBlanks();
        var family = _families.Named(grammar.ReadMetricName(line), line);
        if (line.Next is not (' ' or '\t' or '\n'))
            throw line.Expected("a space after the name");
        line.SkipBlanks();
        family.Describe(line, keyword, keyword == "HELP" ? grammar.ReadEscaped(line, isQuoted: false) : ReadType(line));
    }

    private static string ReadType(SourceLine line)
    {
        var type = line.TakeWord();
        if (!_types.Contains(type, StringComparer.Ordinal))
            throw line.Error($"\"{type}\" is not a type. The types are {string.Join(", ", _types)}");
        line.SkipBlanks();
        line.ExpectEnd();
        return type;
    }

    private void ReadSample(SourceLine line)
    {
        var (name, labels) = grammar.ReadSeries(line);
        line.SkipBlanks();
        var word = line.TakeWord();
        var value = NumberText.Prometheus(word) ?? throw line.Expected("a number", back: word.Length);
        line.SkipBlanks();
        var read = new ReadSample(new ParsedSample(name, labels, value, Timestamp: ReadTimestamp(line)), line);
        if (!_series.Add(name + read.LabelsWithout(null)))
            throw line.Error($"The series {name} with these labels occurs twice");
        _families.OfSample(name, line).Samples.Add(read);
    }

    private static double? ReadTimestamp(SourceLine line)
    {
        if (line.IsAtEnd)
            return null;
        var word = line.TakeWord();
        if (!long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds))
            throw line.Expected("a timestamp in milliseconds or the end of the line", back: word.Length);
        line.SkipBlanks();
        line.ExpectEnd();
        return milliseconds / 1000.0;
    }
}
