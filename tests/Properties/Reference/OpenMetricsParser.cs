using System.Globalization;
using System.Text.RegularExpressions;

namespace Instrumentator.Properties.Reference;

/// <summary>Reads OpenMetrics 1.0.0, line by line with the ABNF as regular expressions, and refuses whatever the specification does not allow.</summary>
/// <remarks>
/// Written from https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md, and from nothing of the library.
/// What must hold among the lines of a histogram is for <see cref="TextSeries"/>.
/// </remarks>
internal sealed partial class OpenMetricsParser
{
    private const string MetricName = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private const string EscapedString = """(?:[^\n"\\]|\\[n"\\])*""";
    private const string Real = @"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?";
    private const string Number = $"(?:{Real}|[+-]?(?i:inf|infinity)|(?i:nan))";
    private const string Label = "(?<label>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<text>" + EscapedString + ")\"";
    private const string Labels = $@"(?:{Label}(?:,{Label})*)?";

    private static readonly Dictionary<string, string[]> _suffixes = new(StringComparer.Ordinal)
    {
        ["counter"] = ["_total", "_created"],
        ["gauge"] = [""],
        ["histogram"] = ["_bucket", "_count", "_sum", "_created"],
        ["summary"] = ["", "_count", "_sum", "_created"],
        ["unknown"] = [""],
    };

    private readonly List<Family> _families = [];
    private readonly HashSet<string> _series = new(StringComparer.Ordinal);

    /// <summary>The families of a scrape, in the order in which they stand there.</summary>
    /// <exception cref="FormatException">The text breaks a rule; the message shows the line.</exception>
    public static IReadOnlyList<ParsedFamily> Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines is not [.. var body, "# EOF", ""])
            throw new FormatException("The last line must be # EOF.");
        var parser = new OpenMetricsParser();
        foreach (var line in body)
            parser.Read(line);
        parser.CheckNames();
        return [.. parser._families.Select(family => new ParsedFamily(family.Name, family.Texts.GetValueOrDefault("HELP"), family.Type, family.Samples, family.Texts.GetValueOrDefault("UNIT")))];
    }

    private void Read(string line)
    {
        if (MetadataLine().Match(line) is { Success: true } metadata)
            ReadMetadata(line, metadata.Groups["keyword"].Value, metadata.Groups["name"].Value, metadata.Groups["text"].Value);
        else if (SampleLine().Match(line) is { Success: true } sample)
            ReadSample(line, sample);
        else
            throw Error(line, "is no line of this format");
    }

    private void ReadMetadata(string line, string keyword, string name, string text)
    {
        var family = _families is [.., var last] && last.Name == name ? last : NewFamily(line, name);
        if (family.Samples.Count > 0)
            throw Error(line, "comes after the samples");
        if (!family.Texts.TryAdd(keyword, keyword == "HELP" ? Unescaped(line, text) : text))
            throw Error(line, "is there a second time");
        if (keyword == "TYPE" && !_suffixes.ContainsKey(text))
            throw Error(line, "names no type");
        if (keyword == "UNIT" && !name.EndsWith($"_{text}", StringComparison.Ordinal))
            throw Error(line, "is not the end of the name");
    }

    private void ReadSample(string line, Match match)
    {
        var sample = new ParsedSample(match.Groups["name"].Value, Pairs(line, match.Groups["labels"].Value), Double(match.Groups["value"].Value), Exemplar(line, match));
        var family = _families is [.., var last] && last.Owns(sample.Name) ? last : NewFamily(line, sample.Name);
        family.Samples.Add(sample);
        if (!_series.Add(sample.Name + string.Concat(sample.Labels.Order().Select(label => $"|{label.Name}={label.Value.Length}:{label.Value}"))))
            throw Error(line, "is a series that is there already");
        var suffix = sample.Name[family.Name.Length..];
        if (suffix is "_total" or "_sum" or "_count" or "_bucket" && !(sample.Value >= 0))
            throw Error(line, "can fall, but is a counter");
        if (sample.Exemplar is not null && suffix is not ("_total" or "_bucket"))
            throw Error(line, "has an exemplar, but is neither a total nor a bucket");
        if (family.Type == "summary" && suffix.Length == 0 && !(Double(sample.Labels.Single(label => label.Name == "quantile").Value) is >= 0 and <= 1 && !(sample.Value < 0)))
            throw Error(line, "is no quantile");
    }

    private static Exemplar? Exemplar(string line, Match match)
    {
        if (!match.Groups["exemplar"].Success)
            return null;
        var labels = Pairs(line, match.Groups["exemplarLabels"].Value).Select(label => new Label(label.Name, label.Value)).ToArray();
        if (labels.Sum(label => label.Name.Length + label.Value.EnumerateRunes().Count()) > 128)
            throw Error(line, "has an exemplar that is too long");
        return new Exemplar(ValueList.From(labels), Double(match.Groups["exemplarValue"].Value), match.Groups["exemplarTime"] is { Success: true } time ? Double(time.Value) : null);
    }

    private static (string Name, string Value)[] Pairs(string line, string labels)
    {
        (string Name, string Value)[] pairs = [.. LabelPair().Matches(labels).Select(match => (match.Groups["label"].Value, Unescaped(line, match.Groups["text"].Value)))];
        return pairs.DistinctBy(pair => pair.Name, StringComparer.Ordinal).Count() == pairs.Length ? pairs : throw Error(line, "has a label twice");
    }

    private static string Unescaped(string line, string text) => Escaped().IsMatch(text)
        ? Escape().Replace(text, match => match.Value[1] == 'n' ? "\n" : match.Value[1..])
        : throw Error(line, "has a text that is not escaped");

    private static double Double(string number) => number.TrimStart('+', '-').ToUpperInvariant() switch
    {
        "NAN" => double.NaN,
        "INF" or "INFINITY" => number[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
        _ => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private Family NewFamily(string line, string name)
    {
        if (_families.Exists(family => family.Name == name))
            throw Error(line, "is apart from its family");
        _families.Add(new Family(name));
        return _families[^1];
    }

    /// <summary>"The name of a MetricFamily MUST NOT result in a potential clash for sample metric names with another MetricFamily."</summary>
    private void CheckNames()
    {
        var names = _families.SelectMany(family => _suffixes[family.Type].Append("").Distinct(StringComparer.Ordinal).Select(suffix => family.Name + suffix));
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } clash)
            throw new FormatException($"Two families can have samples named {clash.Key}.");
    }

    private static FormatException Error(string line, string what) => new($"{Show.Value(line)} {what}.");

    [GeneratedRegex($@"\A# (?<keyword>TYPE|UNIT|HELP) (?<name>{MetricName}) (?<text>.*)\z", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex MetadataLine();

    [GeneratedRegex(
        $@"\A(?<name>{MetricName})(?:\{{(?<labels>{Labels})\}})? (?<value>{Number})(?: {Real})?(?<exemplar> # \{{(?<exemplarLabels>{Labels})\}} (?<exemplarValue>{Number})(?: (?<exemplarTime>{Real}))?)?\z",
        RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex SampleLine();

    [GeneratedRegex(Label, RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex LabelPair();

    [GeneratedRegex($@"\A{EscapedString}\z", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Escaped();

    [GeneratedRegex(@"\\.", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Escape();

    /// <summary>A family while it is read.</summary>
    private sealed class Family(string name)
    {
        public string Name => name;

        /// <summary>What stands on its lines of metadata, by keyword.</summary>
        public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

        public string Type => Texts.GetValueOrDefault("TYPE", "unknown");

        public List<ParsedSample> Samples { get; } = [];

        public bool Owns(string sample) => _suffixes[Type].Any(suffix => sample == name + suffix);
    }
}
