using System.Globalization;
using System.Text;

namespace Instrumentator.Parity;

/// <summary>A metric family in a scrape.</summary>
/// <param name="Name">The name on its HELP and TYPE lines.</param>
/// <param name="Help">The text after the name, including blanks; null if nothing follows the name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Unit">Its unit; only OpenMetrics has units.</param>
/// <param name="Series">Its series, in the order of the scrape.</param>
internal sealed record ScrapedFamily(string Name, string? Help, string? Type, string? Unit, List<ScrapedSeries> Series);

/// <summary>A series: the samples with the same labels, apart from <c>le</c>.</summary>
/// <param name="Labels">The names and values, sorted by name, as one unambiguous text.</param>
/// <param name="Samples">Its samples, in the order of the scrape.</param>
internal sealed record ScrapedSeries(string Labels, List<ScrapedSample> Samples);

/// <summary>A sample line.</summary>
/// <param name="Suffix">The suffix after the name of the family: <c>_bucket</c>, <c>_sum</c>, or empty.</param>
/// <param name="Le">The upper bound of a bucket.</param>
/// <param name="Value">The value; null stands for any number above 0.</param>
internal sealed record ScrapedSample(string Suffix, double? Le, double? Value)
{
    public override string ToString() =>
        Le is { } bound ? FormattableString.Invariant($"{Suffix}{{le={bound:R}}}") : Suffix;
}

/// <summary>Parses the Prometheus text format and OpenMetrics as data.</summary>
internal static class ScrapeText
{
    public static List<ScrapedFamily> Parse(string text)
    {
        var families = new List<ScrapedFamily>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeWhile(line => line != "# EOF"))
        {
            if (line.StartsWith('#'))
                AddMetadata(families, line);
            else
                AddSample(families[^1], line);
        }
        return families;
    }

    private static void AddMetadata(List<ScrapedFamily> families, string line)
    {
        if (line.Split(' ', 4) is not [_, var keyword, var name, .. var rest])
            throw new FormatException($"A line of another kind: {line}");
        if (families.LastOrDefault()?.Name != name)
            families.Add(new ScrapedFamily(name, null, null, null, []));
        var (family, text) = (families[^1], rest.FirstOrDefault());
        families[^1] = keyword switch
        {
            "HELP" => family with { Help = text },
            "TYPE" => family with { Type = text },
            "UNIT" => family with { Unit = text },
            _ => throw new FormatException($"A line of another kind: {line}"),
        };
    }

    private static void AddSample(ScrapedFamily family, string line)
    {
        if (!line.StartsWith(family.Name, StringComparison.Ordinal))
            throw new FormatException($"Among {family.Name} stands: {line}");
        var nameEnd = line.IndexOfAny(['{', ' ']);
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var end = line[nameEnd] == '{' ? ReadLabels(line, nameEnd + 1, labels) : nameEnd;
        var suffix = line[family.Name.Length..nameEnd];
        double? le = suffix == "_bucket" && labels.Remove("le", out var bound) ? Number(bound) : null;
        var key = string.Join(
            ",",
            labels.Select(label =>
                $"{label.Key}=\"{label.Value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\""));
        var series = family.Series.Find(one => one.Labels == key);
        if (series is null)
            family.Series.Add(series = new ScrapedSeries(key, []));
        series.Samples.Add(new ScrapedSample(suffix, le, Number(line[(end + 1)..])));
    }

    /// <summary>Reads labels from the position after the opening brace, and returns the position after the closing
    /// brace.</summary>
    private static int ReadLabels(string line, int at, SortedDictionary<string, string> labels)
    {
        while (line[at] != '}')
        {
            var equals = line.IndexOf('=', at);
            var name = line[at..equals].TrimStart(',');
            var value = new StringBuilder();
            for (at = equals + 2; line[at] != '"'; at++)
                value.Append(line[at] == '\\' ? Unescaped(line[++at]) : line[at]);
            if (!labels.TryAdd(name, value.ToString()))
                throw new FormatException($"The label {name} is there twice: {line}");
            at++;
        }
        return at + 1;
    }

    private static char Unescaped(char escaped) => escaped switch
    {
        'n' => '\n',
        '\\' or '"' => escaped,
        _ => throw new FormatException($"\\{escaped} is no escape."),
    };

    private static double? Number(string text) => text switch
    {
        Count.AnySize => null,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
