namespace Instrumentator.Testing;

/// <summary>A line-by-line parser of OpenMetrics 1.0.0.</summary>
/// <remarks>Written from https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md alone, not
/// from the code of a writer.</remarks>
internal sealed class OpenMetricsParser(Grammar grammar)
{
    private static readonly Dictionary<string, string[]> _suffixes = new(StringComparer.Ordinal)
    {
        ["counter"] = ["_total", "_created"],
        ["gauge"] = [""],
        ["gaugehistogram"] = ["_bucket", "_gcount", "_gsum"],
        ["histogram"] = ["_bucket", "_count", "_sum", "_created"],
        ["info"] = ["_info"],
        ["stateset"] = [""],
        ["summary"] = ["", "_count", "_sum", "_created"],
        ["unknown"] = [""],
    };

    private readonly ReadFamilies _families = new(type => _suffixes[type], "unknown");

    public static ParsedScrape Parse(string text, bool quotedNames)
    {
        var parser = new OpenMetricsParser(new Grammar(IsOpenMetrics: true, quotedNames));
        foreach (var line in Body(SourceLine.Split(text)))
            parser.Read(line);
        foreach (var family in parser._families.All)
            OpenMetricsRules.Check(family);
        parser.CheckNames();
        return parser._families.ToScrape();
    }

    /// <summary>Returns all lines except the last, <c># EOF</c>, whose line feed may be missing.</summary>
    private static SourceLine[] Body(SourceLine[] lines)
    {
        SourceLine[] whole = lines is [.., { IsAtEnd: true }] ? lines[..^1] : lines;
        if (whole is [.. var body, var last] && last.Is("# EOF"))
        {
            return Array.Find(body, line => line.Is("# EOF")) is { } early
                ? throw early.Error("Nothing may follow # EOF")
                : body;
        }
        throw lines[^1].Error("The last line must be # EOF");
    }

    private void Read(SourceLine line)
    {
        if (line.Take('#'))
            ReadMetadata(line);
        else
            ReadSample(line);
    }

    private void ReadMetadata(SourceLine line)
    {
        line.Expect(' ');
        var keyword = line.TakeWord();
        if (keyword is not ("TYPE" or "UNIT" or "HELP"))
            throw line.Error("A line that begins with # must be TYPE, UNIT, HELP or the last one, # EOF");
        line.Expect(' ');
        var family = _families.Named(grammar.ReadMetricName(line), line);
        line.Expect(' ');
        family.Describe(line, keyword, keyword switch
        {
            "HELP" => grammar.ReadEscaped(line, isQuoted: false),
            "TYPE" => ReadType(line),
            _ => ReadUnit(line, family.Name),
        });
    }

    private static string ReadType(SourceLine line)
    {
        var type = line.TakeRest();
        return _suffixes.ContainsKey(type)
            ? type
            : throw line.Error(
                $"\"{ScrapeFormatException.Shown(type)}\" is not a type. "
                + $"The types are {string.Join(", ", _suffixes.Keys)}");
    }

    private static string ReadUnit(SourceLine line, string name)
    {
        var unit = line.TakeRest();
        return unit.Length == 0 || name.EndsWith($"_{unit}", StringComparison.Ordinal)
            ? unit
            : throw line.Error($"The name must end in the unit, _{unit}");
    }

    private void ReadSample(SourceLine line)
    {
        var (name, labels) = grammar.ReadSeries(line);
        line.Expect(' ');
        var value = ReadNumber(line);
        var hasMore = line.Take(' ');
        double? timestamp = hasMore && line.Next != '#' ? ReadTimestamp(line) : null;
        hasMore = timestamp is null ? hasMore : line.Take(' ');
        var exemplar = hasMore ? ReadExemplar(line) : null;
        line.ExpectEnd();
        _families.OfSample(name, line).Samples.Add(
            new ReadSample(new ParsedSample(name, labels, value, exemplar, timestamp), line));
    }

    private Exemplar ReadExemplar(SourceLine line)
    {
        line.Expect('#');
        line.Expect(' ');
        line.Expect('{');
        var labels = grammar.ReadLabels(line);
        if (labels.Sum(label => (label.Name + label.Value).EnumerateRunes().Count()) > 128)
        {
            throw line.Error(
                "The names and values of an exemplar's labels must not be longer than 128 characters in total");
        }
        line.Expect(' ');
        return new Exemplar(labels, ReadNumber(line), line.Take(' ') ? ReadTimestamp(line) : null);
    }

    private static double ReadNumber(SourceLine line) =>
        line.TakeWord() is var word && NumberText.OpenMetrics(word) is { } number
            ? number
            : throw line.Expected("a number", back: word.Length);

    private static double ReadTimestamp(SourceLine line) =>
        line.TakeWord() is var word && NumberText.Real(word) is { } seconds
            ? seconds
            : throw line.Expected("a timestamp in seconds", back: word.Length);

    /// <summary>Checks the rule "The name of a MetricFamily MUST NOT result in a potential clash for sample metric
    /// names with another MetricFamily."</summary>
    private void CheckNames()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var family in _families.All)
        {
            foreach (var name in family.SampleNames.Append(family.Name).Distinct(StringComparer.Ordinal))
            {
                if (!names.TryAdd(name, family.Name))
                {
                    throw family.FirstLine.Error(
                        $"The families {names[name]} and {family.Name} could both have samples named {name}");
                }
            }
        }
    }
}
