using System.Globalization;
using System.Text;

namespace Instrumentator.Parity;

/// <summary>A family as it stands in a scrape.</summary>
/// <param name="Name">The name on its HELP and TYPE lines.</param>
/// <param name="Help">The text behind the name, blanks included; null when the name stands alone.</param>
/// <param name="Type">Its type.</param>
/// <param name="Unit">Its unit; only OpenMetrics has them.</param>
/// <param name="Series">Its series, in the order in which they come.</param>
internal sealed record ScrapedFamily(string Name, string? Help, string? Type, string? Unit, List<ScrapedSeries> Series);

/// <summary>A series: the samples whose labels but for <c>le</c> are the same.</summary>
/// <param name="Labels">Names and values, sorted by name, as one text that tells them apart.</param>
/// <param name="Samples">Its samples in the order in which they come.</param>
internal sealed record ScrapedSeries(string Labels, List<ScrapedSample> Samples);

/// <summary>A line.</summary>
/// <param name="Suffix">What stands behind the family's name: <c>_bucket</c>, <c>_sum</c>, nothing.</param>
/// <param name="Le">The bound of a bucket.</param>
/// <param name="Value">The number; null stands for any that is above 0.</param>
internal sealed record ScrapedSample(string Suffix, double? Le, double? Value)
{
    public override string ToString() => Le is { } bound ? FormattableString.Invariant($"{Suffix}{{le={bound:R}}}") : Suffix;
}

/// <summary>Reads Prometheus's text format, and that of OpenMetrics, as data.</summary>
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
        var key = string.Join(",", labels.Select(label => $"{label.Key}=\"{label.Value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\""));
        var series = family.Series.Find(one => one.Labels == key);
        if (series is null)
            family.Series.Add(series = new ScrapedSeries(key, []));
        series.Samples.Add(new ScrapedSample(suffix, le, Number(line[(end + 1)..])));
    }

    /// <summary>Reads labels from behind the brace; gives the place behind the closing one.</summary>
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
