namespace Instrumentator.Testing;

/// <summary>The comparison of an expected scrape with the actual one.</summary>
internal sealed class Comparison
{
    private static readonly string[] _suffixes = ["_bucket", "_count", "_sum", "_created", "_gcount", "_gsum", "_info"];

    private readonly ParsedScrape _actual;
    private readonly Dictionary<string, ParsedFamily> _familiesOfSamples = new(StringComparer.Ordinal);
    private readonly ILookup<string, ComparedLine> _expectedLines;
    private readonly ILookup<string, ComparedLine> _actualLines;

    public Comparison(ParsedScrape expected, ParsedScrape actual)
    {
        _actual = actual;
        foreach (var family in actual.Families)
        {
            foreach (var sample in family.Samples)
                _familiesOfSamples.TryAdd(sample.Name, family);
        }
        _expectedLines = expected.Families
            .SelectMany(ExpectedLines)
            .ToLookup(line => line.Family, StringComparer.Ordinal);
        _actualLines = actual.Families
            .SelectMany(family => LinesOf(family, sample => family.PrometheusName))
            .ToLookup(line => line.Family, StringComparer.Ordinal);
    }

    /// <summary>Returns the differences in the named families, or in all families if none is named.</summary>
    public IEnumerable<string> Differences(string[] names)
    {
        var known = _expectedLines.Select(lines => lines.Key)
            .Union(_actualLines.Select(lines => lines.Key), StringComparer.Ordinal)
            .ToHashSet(StringComparer.Ordinal);
        var asked = names.Length == 0
            ? known
            : names.Select(name => known.Contains(name) || !known.Contains(name + "_total") ? name : name + "_total");
        return asked.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .SelectMany(name => known.Contains(name)
                ? DifferencesOf(name)
                : [$"? {name} is in neither scrape. {SeriesSearch.NoSuchName(_actual, name)}"]);
    }

    private IEnumerable<string> DifferencesOf(string family)
    {
        var expected = _expectedLines[family].ToLookup(line => line.Key, StringComparer.Ordinal);
        var actual = _actualLines[family].ToLookup(line => line.Key, StringComparer.Ordinal);
        var all = expected.Concat(actual)
            .DistinctBy(lines => lines.Key, StringComparer.Ordinal)
            .OrderBy(lines => lines.Key, StringComparer.Ordinal);
        return Place.Sort(all, lines => lines.First().Place)
            .SelectMany(lines => DifferencesOf([.. expected[lines.Key]], [.. actual[lines.Key]]));
    }

    // Several lines share a key only if each has a timestamp, and then they are in order of time.
    private static IEnumerable<string> DifferencesOf(ComparedLine[] expected, ComparedLine[] actual)
    {
        for (var i = 0; i < Math.Max(expected.Length, actual.Length); i++)
        {
            var (wanted, found) = (expected.ElementAtOrDefault(i), actual.ElementAtOrDefault(i));
            if (wanted is not null && found is not null && wanted.IsMetBy(found))
                continue;
            if (wanted is not null)
                yield return $"- {wanted.Text}";

            // The expected text may omit metadata and start times.
            if (found is not null && (wanted is not null || found.Sample is not null && !found.IsCreated))
                yield return $"+ {found.Text}";
        }
    }

    /// <summary>Returns expected lines under the family that has their samples in the actual scrape: without a TYPE
    /// line, buckets are a family of their own.</summary>
    private IEnumerable<ComparedLine> ExpectedLines(ParsedFamily family) =>
        LinesOf(
            family,
            sample => family.IsTyped ? family.PrometheusName
                : _familiesOfSamples.TryGetValue(sample, out var owner) ? owner.PrometheusName
                : WithoutSuffix(family.PrometheusName));

    private string WithoutSuffix(string name) =>
        Array.Find(_suffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal)) is { } suffix
            && _actual.Families.Any(family => family.PrometheusName == name[..^suffix.Length])
            ? name[..^suffix.Length]
            : name;

    private static IEnumerable<ComparedLine> LinesOf(ParsedFamily family, Func<string, string> familyOf)
    {
        var name = familyOf(family.Name);
        if (family.Help is { } help)
            yield return ComparedLine.OfMetadata(name, "HELP", SampleText.Escaped(help));
        if (family.IsTyped)
            yield return ComparedLine.OfMetadata(name, "TYPE", family.Type == "unknown" ? "untyped" : family.Type);
        if (family.Unit is { Length: > 0 } unit)
            yield return ComparedLine.OfMetadata(name, "UNIT", unit);
        foreach (var sample in family.Samples)
        {
            var isCreated = family.Type is "counter" or "histogram" or "summary"
                && sample.Name == family.Name + "_created";
            yield return ComparedLine.OfSample(familyOf(sample.Name), sample) with { IsCreated = isCreated };
        }
    }
}
