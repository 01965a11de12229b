using System.Globalization;
using System.Text;

namespace Instrumentator.Properties.Reference;

/// <summary>One line of a scrape that holds a number.</summary>
internal sealed record ParsedSample(string Name, IReadOnlyList<(string Name, string Value)> Labels, double Value, Exemplar? Exemplar = null);

/// <summary>A metric of a scrape, with its samples as they stood there.</summary>
internal sealed record ParsedFamily(string Name, string? Help, string Type, IReadOnlyList<ParsedSample> Samples, string? Unit = null);

/// <summary>Reads Prometheus's text format 0.0.4, character by character, and refuses whatever the page does not allow.</summary>
/// <remarks>Written from https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format, and from nothing of the library.</remarks>
internal sealed class TextParser
{
    private static readonly string[] _types = ["counter", "gauge", "histogram", "summary", "untyped"];

    private readonly string _text;
    private readonly List<Family> _families = [];
    private readonly HashSet<string> _series = new(StringComparer.Ordinal);
    private int _at;
    private int _line = 1;

    private TextParser(string text) => _text = text;

    /// <summary>The families of a scrape, in the order in which they stand there.</summary>
    /// <exception cref="FormatException">The text breaks a rule. The message shows the line, and what was not read yet.</exception>
    public static IReadOnlyList<ParsedFamily> Parse(string text)
    {
        var parser = new TextParser(text);
        while (parser._at < text.Length)
            parser.ReadLine();
        return [.. parser._families.Select(family => new ParsedFamily(family.Name, family.Help, family.Type ?? "untyped", family.Samples))];
    }

    private char Next => _at < _text.Length ? _text[_at] : throw Error("The last line must end with a line feed");

    private void ReadLine()
    {
        SkipBlanks();
        if (Next == '#')
            ReadComment();
        else if (Next != '\n')
            ReadSample();
        if (Next != '\n')
            throw Error("The line should end here");
        (_at, _line) = (_at + 1, _line + 1);
    }

    private void ReadComment()
    {
        _at++;
        SkipBlanks();
        var start = _at;
        var keyword = ReadWhile(c => c is not (' ' or '\t' or '\n'));
        if (keyword is "HELP" or "TYPE")
        {
            SkipBlanks();
            var family = FamilyNamed(ReadName(colons: true));
            SkipBlanks();
            if (keyword == "HELP")
                ReadHelp(family);
            else
                ReadType(family);
            return;
        }
        _at = start;
        ReadWhile(c => c != '\n');
    }

    private void ReadHelp(Family family)
    {
        if (family.Help is not null)
            throw Error($"{family.Name} has a second HELP");
        family.Help = ReadEscaped(end: '\n', quotes: false);
    }

    private void ReadType(Family family)
    {
        if (family.Type is not null)
            throw Error($"{family.Name} has a second TYPE");
        if (family.Samples.Count > 0)
            throw Error($"The TYPE of {family.Name} comes after its first sample");
        var type = ReadWhile(c => c is not (' ' or '\t' or '\n'));
        family.Type = _types.Contains(type, StringComparer.Ordinal) ? type : throw Error($"\"{type}\" is no type");
        SkipBlanks();
    }

    private void ReadSample()
    {
        var name = ReadName(colons: true);
        SkipBlanks();
        List<(string Name, string Value)> labels = Next == '{' ? ReadLabels() : [];
        SkipBlanks();
        var value = ReadNumber();
        SkipBlanks();
        if (Next != '\n')
            ReadTimestamp();

        // The order of labels does not make another series.
        var series = name + string.Concat(labels.Order().Select(label => $"|{label.Name.Length}:{label.Name}={label.Value.Length}:{label.Value}"));
        if (!_series.Add(series))
            throw Error($"The series {name} with these labels is there a second time");
        FamilyOfSample(name).Samples.Add(new ParsedSample(name, labels, value));
    }

    private List<(string Name, string Value)> ReadLabels()
    {
        var labels = new List<(string Name, string Value)>();
        _at++;
        SkipBlanks();
        while (Next != '}')
        {
            var name = ReadName(colons: false);
            if (labels.Any(label => label.Name == name))
                throw Error($"The label {name} is there a second time");
            SkipBlanks();
            Expect('=');
            SkipBlanks();
            Expect('"');
            labels.Add((name, ReadEscaped(end: '"', quotes: true)));
            Expect('"');
            SkipBlanks();
            if (Next == ',')
                _at++;
            else if (Next != '}')
                throw Error("There should be a comma or a closing brace");
            SkipBlanks();
        }
        _at++;
        return labels;
    }

    private string ReadEscaped(char end, bool quotes)
    {
        var text = new StringBuilder();
        while (Next != end)
        {
            var c = _text[_at++];
            if (c == '\n')
                throw Error("A line feed must be written as \\n");
            if (c != '\\')
            {
                text.Append(c);
                continue;
            }
            text.Append(Next switch
            {
                '\\' => '\\',
                'n' => '\n',
                '"' when quotes => '"',
                var other => throw Error($"\\{other} is no escape"),
            });
            _at++;
        }
        return text.ToString();
    }

    private string ReadName(bool colons)
    {
        var start = _at;
        var name = ReadWhile(c => char.IsAsciiLetterOrDigit(c) || c == '_' || colons && c == ':');
        if (name.Length > 0 && !char.IsAsciiDigit(name[0]))
            return name;
        _at = start;
        throw Error("There should be a name");
    }

    private double ReadNumber()
    {
        var start = _at;
        var word = ReadWhile(c => c is not (' ' or '\t' or '\n'));
        switch (word)
        {
            case "NaN": return double.NaN;
            case "+Inf": return double.PositiveInfinity;
            case "-Inf": return double.NegativeInfinity;
        }
        var isNumber = word.All(c => char.IsAsciiDigit(c) || "+-.eE".Contains(c, StringComparison.Ordinal));
        if (isNumber && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            return value;
        _at = start;
        throw Error("There should be a number");
    }

    private void ReadTimestamp()
    {
        var start = _at;
        var word = ReadWhile(c => c is not (' ' or '\t' or '\n'));
        if (!long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            _at = start;
            throw Error("There should be a timestamp or the end of the line");
        }
        SkipBlanks();
    }

    /// <summary>A HELP or TYPE line begins a family, or goes on with the one that the line before began.</summary>
    private Family FamilyNamed(string name)
    {
        if (_families.LastOrDefault() is { } last && last.Name == name)
            return last;
        if (_families.Any(family => family.Owns(name)))
            throw Error($"The lines of {name} are not all together");
        _families.Add(new Family(name));
        return _families[^1];
    }

    private Family FamilyOfSample(string name) => _families.LastOrDefault() is { } last && last.Owns(name) ? last : FamilyNamed(name);

    private string ReadWhile(Func<char, bool> goesOn)
    {
        var start = _at;
        while (_at < _text.Length && goesOn(_text[_at]))
            _at++;
        return _text[start.._at];
    }

    private void SkipBlanks() => ReadWhile(c => c is ' ' or '\t');

    private void Expect(char c)
    {
        if (Next != c)
            throw Error($"There should be a {c}");
        _at++;
    }

    private FormatException Error(string what)
    {
        var rest = _text[Math.Min(_at, _text.Length)..];
        return new FormatException($"Line {_line}: {what}. Not read yet: {Show.Value(rest.Length > 200 ? rest[..200] : rest)}");
    }

    /// <summary>A family while it is read.</summary>
    private sealed class Family(string name)
    {
        public string Name => name;

        public string? Help { get; set; }

        public string? Type { get; set; }

        public List<ParsedSample> Samples { get; } = [];

        public bool Owns(string sample) => sample == name && Type is not "histogram" || Type switch
        {
            "histogram" => sample == name + "_bucket" || sample == name + "_sum" || sample == name + "_count",
            "summary" => sample == name + "_sum" || sample == name + "_count",
            _ => false,
        };
    }
}
