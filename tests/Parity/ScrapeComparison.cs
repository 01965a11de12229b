using System.Globalization;

namespace Instrumentator.Parity;

/// <summary>Compares two scrapes as data: families, types, series, labels, values, and the order of families and
/// series.</summary>
internal static class ScrapeComparison
{
    private const double RelativeOfSums = 1e-9;

    public static IEnumerable<string> Compare(string where, string expected, string actual)
    {
        var (wanted, found) = (ScrapeText.Parse(expected), ScrapeText.Parse(actual));
        foreach (
            var difference in Order(where, "families", wanted.Select(one => one.Name), found.Select(one => one.Name)))
        {
            yield return difference;
        }

        foreach (var (left, right) in Pairs(wanted, found, one => one.Name))
        {
            foreach (var difference in Compare($"{where}: {left.Name}", left, right))
                yield return difference;
        }
    }

    /// <summary>Returns true if two numbers are equal, or differ only by the order of additions or by less than the
    /// resolution of the clock.</summary>
    public static bool AreClose(double expected, double actual) =>
        expected.Equals(actual)
        || Math.Abs(expected - actual) <= Math.Max(Ticks.Negligible, RelativeOfSums * Math.Abs(expected));

    private static IEnumerable<string> Compare(string where, ScrapedFamily expected, ScrapedFamily actual)
    {
        if (actual.Help is null || expected.Help is not null && expected.Help != actual.Help)
            yield return $"{where}: HELP {Quoted(expected.Help)} expected, was {Quoted(actual.Help)}";
        if (expected.Type != actual.Type)
            yield return $"{where}: TYPE {expected.Type} expected, was {actual.Type}";
        if (expected.Unit != actual.Unit)
            yield return $"{where}: UNIT {Quoted(expected.Unit)} expected, was {Quoted(actual.Unit)}";
        foreach (var difference in Order(where, "series", expected.Series.Select(Shown), actual.Series.Select(Shown)))
            yield return difference;
        foreach (var (left, right) in Pairs(expected.Series, actual.Series, one => one.Labels))
        {
            foreach (var difference in Compare($"{where}{Shown(left)}", left, right))
                yield return difference;
        }
    }

    private static IEnumerable<string> Compare(string where, ScrapedSeries expected, ScrapedSeries actual)
    {
        foreach (var difference in Order(
            where,
            "samples",
            expected.Samples.Select(one => one.ToString()),
            actual.Samples.Select(one => one.ToString())))
        {
            yield return difference;
        }
        foreach (var (left, right) in Pairs(expected.Samples, actual.Samples, one => one.ToString()))
        {
            if (!AreSame(left, right))
                yield return $"{where} {left}: {Number(left.Value)} expected, was {Number(right.Value)}";
        }
    }

    private static bool AreSame(ScrapedSample expected, ScrapedSample actual) =>
        expected.Value is not { } wanted ? actual.Value is > 0
            : actual.Value is { } found && (expected.Suffix == "_sum" ? AreClose(wanted, found) : wanted.Equals(found));

    /// <summary>Returns the missing items and the unexpected items, or, if there are neither, a difference in
    /// order.</summary>
    private static IEnumerable<string> Order(
        string where, string what, IEnumerable<string> expected, IEnumerable<string> actual)
    {
        string[] wanted = [.. expected], found = [.. actual];
        if (wanted.SequenceEqual(found))
            yield break;
        var missing = Without(wanted, found);
        var unexpected = Without(found, wanted);
        if (missing.Count > 0)
            yield return $"{where}: {what} missing: {string.Join(" ", missing)}";
        if (unexpected.Count > 0)
            yield return $"{where}: {what} not expected: {string.Join(" ", unexpected)}";
        if (missing.Count + unexpected.Count == 0)
        {
            yield return $"{where}: {what} expected in the order {string.Join(" ", wanted)}, "
                + $"were {string.Join(" ", found)}";
        }
    }

    private static List<string> Without(string[] items, string[] others)
    {
        var left = items.ToList();
        foreach (var other in others)
            left.Remove(other);
        return left;
    }

    private static IEnumerable<(T Left, T Right)> Pairs<T>(List<T> expected, List<T> actual, Func<T, string> key)
    {
        var left = actual.ToList();
        foreach (var wanted in expected)
        {
            var at = left.FindIndex(one => key(one) == key(wanted));
            if (at < 0)
                continue;
            yield return (wanted, left[at]);
            left.RemoveAt(at);
        }
    }

    private static string Shown(ScrapedSeries series) => $"{{{series.Labels}}}";

    private static string Number(double? value) =>
        value?.ToString("R", CultureInfo.InvariantCulture) ?? "a number above 0";

    private static string Quoted(string? text) => text is null ? "(any text)" : $"\"{text}\"";
}
