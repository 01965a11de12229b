namespace Instrumentator.Parity;

/// <summary>Compares the result of a scenario with the expected result, and returns one line for each
/// difference.</summary>
internal static class Comparison
{
    private const string OriginalContentType = "text/plain; version=1.0.0; charset=utf-8";
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Compares with the original. Exceptions have other names there, and the content type depends on the
    /// format.</summary>
    public static List<string> WithOriginal(Result expected, Result actual, string scrapePath) =>
        [.. Compare(expected, actual, scrapePath, raises: (wanted, found) => wanted is null == found is null)];

    /// <summary>Compares with an expectation of our own, including the types of exceptions.</summary>
    public static List<string> WithOurs(Result expected, Result actual, string scrapePath) =>
        [.. Compare(expected, actual, scrapePath, raises: (wanted, found) => TypeOf(wanted) == TypeOf(found))];

    private static string? TypeOf(string? raised) => raised?.Split(':')[0];

    private static IEnumerable<string> Compare(
        Result expected, Result actual, string scrapePath, Func<string?, string?, bool> raises)
    {
        if (!raises(expected.SetupRaises, actual.SetupRaises))
        {
            return
            [
                $"set-up: {expected.SetupRaises ?? "no exception"} expected, "
                + $"was {actual.SetupRaises ?? "no exception"}",
            ];
        }

        return Responses(expected.Responses, actual.Responses, raises)
            .Concat(Scrapes(expected.Scrape, actual.Scrape, raises))
            .Concat(Texts("after the release", expected.AfterRelease?.Families, actual.AfterRelease?.Families))
            .Concat(Infos(expected.Infos, actual.Infos, scrapePath));
    }

    private static IEnumerable<string> Responses(
        Answer[] expected, Answer[] actual, Func<string?, string?, bool> raises)
    {
        if (expected.Length != actual.Length)
            yield return $"responses: {expected.Length} expected, were {actual.Length}";
        foreach (var (wanted, found, i) in expected.Zip(actual, Enumerable.Range(0, expected.Length)))
        {
            if (wanted.Status != found.Status)
                yield return Line($"responses[{i}].status", wanted.Status, found.Status);
            if (!raises(wanted.Raises, found.Raises))
                yield return Line($"responses[{i}].raises", wanted.Raises, found.Raises);
            if (wanted.Location != found.Location)
                yield return Line($"responses[{i}].location", wanted.Location, found.Location);
            if (!AreSameCount(wanted.ContentLength, found.ContentLength))
                yield return Line($"responses[{i}].content_length", wanted.ContentLength, found.ContentLength);
            if (!AreSameCount(wanted.Bytes.Text, found.Bytes.Text))
                yield return Line($"responses[{i}].bytes", wanted.Bytes.Text, found.Bytes.Text);
        }
    }

    private static IEnumerable<string> Scrapes(
        ScrapeAnswer? expected, ScrapeAnswer? actual, Func<string?, string?, bool> raises)
    {
        if (expected is null || actual is null)
            return expected is null && actual is null ? [] : [Line("scrape", expected, actual)];
        var lines = new List<string>();
        if (expected.Status != actual.Status)
            lines.Add(Line("scrape.status", expected.Status, actual.Status));
        if (!raises(expected.Raises, actual.Raises))
            lines.Add(Line("scrape.raises", expected.Raises, actual.Raises));
        foreach (var name in expected.Headers.Keys.Union(actual.Headers.Keys))
        {
            var (wanted, found) = (expected.Headers.GetValueOrDefault(name), actual.Headers.GetValueOrDefault(name));
            if ((wanted == OriginalContentType ? ContentType : wanted) != found)
                lines.Add(Line($"scrape.headers.{name}", wanted, found));
        }
        return lines
            .Concat(ScrapeComparison.Compare("scrape", expected.Families, actual.Families))
            .Concat(expected.FamiliesOfDefaultRegistry is { } other
                ? Texts("default registry", other, actual.FamiliesOfDefaultRegistry)
                : []);
    }

    private static IEnumerable<string> Texts(string where, string? expected, string? actual) =>
        expected is not null && actual is not null ? ScrapeComparison.Compare(where, expected, actual)
            : expected is null && actual is null ? []
            : [Line(where, expected, actual)];

    private static IEnumerable<string> Infos(InfoNote[]? expected, InfoNote[]? actual, string scrapePath)
    {
        if (expected?.Length != actual?.Length)
            yield return Line("infos", $"{expected?.Length}", $"{actual?.Length}");
        foreach (var (wanted, found, i) in (expected ?? [])
            .Zip(actual ?? [], Enumerable.Range(0, expected?.Length ?? 0)))
        {
            if (!AreSame(wanted, found, scrapePath))
                yield return Line($"infos[{i}]", wanted, found);
        }
    }

    private static bool AreSame(InfoNote expected, InfoNote actual, string scrapePath) =>
        AreSameDuration(expected.ModifiedDuration, actual.ModifiedDuration)
        && AreSameDuration(expected.ModifiedDurationWithoutStreaming, actual.ModifiedDurationWithoutStreaming)
        && AreSameSize(expected, actual, scrapePath)
        && expected == actual with
        {
            ModifiedDuration = expected.ModifiedDuration,
            ModifiedDurationWithoutStreaming = expected.ModifiedDurationWithoutStreaming,
            ResponseContentLength = expected.ResponseContentLength,
        };

    private static bool AreSameDuration(double expected, double actual) =>
        Math.Abs(expected - actual) <= Ticks.Negligible;

    // A missing header of the original counts as 0, and the size of a scrape differs.
    private static bool AreSameSize(InfoNote expected, InfoNote actual, string scrapePath)
    {
        var (wanted, found) = (expected.ResponseContentLength ?? "0", actual.ResponseContentLength ?? "0");
        var isScrape = expected.ModifiedHandler == scrapePath && wanted != "0";
        return AreSameCount(isScrape ? Count.AnySize : wanted, found);
    }

    private static bool AreSameCount(string? expected, string? actual) =>
        expected == actual || expected == Count.AnySize && long.TryParse(actual, out var size) && size > 0;

    private static string Line(string where, object? expected, object? actual) =>
        $"{where}: {expected ?? "nothing"} expected, was {actual ?? "nothing"}";
}
