namespace Instrumentator.Testing;

/// <summary>Search for series by name and labels, with suggestions if there is no such series.</summary>
internal static class SeriesSearch
{
    private const int MaxShown = 20;

    /// <summary>Returns the one sample with these labels, or null if there is none.</summary>
    /// <exception cref="InvalidOperationException">There are several.</exception>
    public static ParsedSample? Find(ParsedScrape scrape, string name, Label[] labels)
    {
        ParsedSample[] found = [.. Named(scrape, name).Where(sample => labels.All(label => Has(sample, label)))];
        return (Array.FindAll(found, sample => sample.Labels.Count == labels.Length), found) switch
        {
            ([var whole], _) => whole,
            (_, [var only]) => only,
            (_, []) => null,
            _ => throw new InvalidOperationException(
                $"Several series match {SampleText.Series(name, labels)}. "
                + $"Specify more labels, to identify one of:{Lines(found)}"),
        };
    }

    /// <summary>Returns whether samples may have the name, even if there are none yet.</summary>
    public static bool Knows(ParsedScrape scrape, string name) => Names(scrape).Contains(name, StringComparer.Ordinal);

    /// <summary>Returns why there is no such series, with the series of that name or the nearest names.</summary>
    public static string WhatThereIs(ParsedScrape scrape, string name, Label[] labels)
    {
        var wanted = $"There is no series {SampleText.Series(name, labels)}.";
        ParsedSample[] named =
            [.. Named(scrape, name).OrderByDescending(sample => labels.Count(label => Has(sample, label)))];
        if (named.Length > 0)
            return $"{wanted} The series are:{Lines(named)}";
        if (scrape.Families.FirstOrDefault(family => family.Name == name) is { Type: "histogram" or "summary" } family)
        {
            return $"{wanted} {name} is a {family.Type}: use "
                + $"{(family.Type == "histogram" ? "its Count, its Sum or a Bucket" : "its Count or its Sum")}.";
        }
        return Knows(scrape, name) ? $"{wanted} {name} has no series yet." : $"{wanted} {NoSuchName(scrape, name)}";
    }

    /// <summary>Returns the nearest names to a name that does not exist.</summary>
    public static string NoSuchName(ParsedScrape scrape, string name)
    {
        string[] nearest =
        [
            .. Names(scrape)
                .Distinct(StringComparer.Ordinal)
                .OrderBy(other => Distance(name, other))
                .ThenBy(other => other, StringComparer.Ordinal)
                .Take(5)
        ];
        return nearest.Length == 0
            ? "There are no metrics."
            : $"No metric is named {name}. The nearest names are: {string.Join(", ", nearest)}.";
    }

    private static IEnumerable<ParsedSample> Named(ParsedScrape scrape, string name) =>
        scrape.Families.SelectMany(family => family.Samples).Where(sample => sample.Name == name);

    private static IEnumerable<string> Names(ParsedScrape scrape) =>
        scrape.Families.SelectMany(family => family.Type switch
        {
            "histogram" => [$"{family.Name}_count", $"{family.Name}_sum", $"{family.Name}_bucket"],
            "summary" =>
            [
                $"{family.Name}_count",
                $"{family.Name}_sum",
                .. family.Samples.Select(sample => sample.Name).Distinct(StringComparer.Ordinal)
            ],
            _ => family.Samples.Count == 0
                ? [family.PrometheusName]
                : family.Samples.Select(sample => sample.Name).Distinct(StringComparer.Ordinal),
        });

    // Bounds and ranks are compared as numbers: 1 is equal to 1.0.
    private static bool Has(ParsedSample sample, Label label) =>
        (sample.ValueOf(label.Name) ?? "") == (label.Value ?? "")
            || label.Name is "le" or "quantile"
                && NumberText.OfLabel(sample.ValueOf(label.Name)) is { } number
                && NumberText.OfLabel(label.Value) == number;

    private static string Lines(ParsedSample[] samples) =>
        string.Concat(samples.Take(MaxShown).Select(sample => $"\n  {sample}"))
            + (samples.Length > MaxShown
                ? FormattableString.Invariant($"\n  … and {samples.Length - MaxShown} more")
                : "");

    /// <summary>Returns how many characters to insert, delete or replace (Levenshtein distance).</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                (diagonal, row[j]) = (
                    row[j],
                    Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
            }
        }
        return row[^1];
    }
}
