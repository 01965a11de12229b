using System.Text.RegularExpressions;

namespace Instrumentator.Properties;

/// <summary>docs/security.md matches the code: each test that it names exists, it lists each log event and each metric
/// of the sources, and each bound is where the page locates it.</summary>
public sealed partial class SecurityPageTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));

    private static readonly (string Path, string Text)[] _sources = [.. NamedTests.Sources("src")];

    [Fact]
    public void Each_test_that_the_page_names_exists()
    {
        var named = NamedTests.In(_page);

        Assert.InRange(named.Length, 100, int.MaxValue);
        Assert.All(named, NamedTests.AssertExists);
    }

    // The last cell of each row must name a test, or the promise is unproven.
    [Fact]
    public void Each_promise_of_the_page_names_a_test()
    {
        var promises = Section("## What is promised", "## What does not apply")
            .Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)
                && !line.StartsWith("| promise |", StringComparison.Ordinal))
            .ToArray();

        Assert.InRange(promises.Length, 30, int.MaxValue);
        Assert.All(promises, line => Assert.NotEmpty(NamedTests.In(line.Split(" | ")[^1])));
    }

    [Fact]
    public void Each_event_of_the_log_is_on_the_page_with_its_name_and_level()
    {
        var events = _sources.SelectMany(source => Event().Matches(source.Text))
            .Select(match => $"| {match.Groups["id"].Value} | `{match.Groups["name"].Value}` "
                + $"| {match.Groups["level"].Value} |")
            .ToArray();

        Assert.InRange(events.Length, 9, int.MaxValue);
        Assert.All(events, line => Assert.Contains(line, _page, StringComparison.Ordinal));
        Assert.Equal(
            events.Length,
            Section("## What is logged", "## Metrics about").Split('\n').Count(line => EventRow().IsMatch(line)));
    }

    [Fact]
    public void The_page_lists_exactly_the_metrics_about_the_library_itself()
    {
        var metrics = Names(string.Concat(_sources.Select(source => source.Text)));

        Assert.InRange(metrics.Length, 6, int.MaxValue);
        Assert.Equal(metrics, Names(Section("## Metrics about", "\n## ")));
    }

    [Fact]
    public void Each_bound_on_the_page_names_an_existing_member()
    {
        var bounds = Span().Matches(Section("## Bounds", "## What is logged"))
            .Select(match => Place().Match(match.Groups["code"].Value))
            .Where(match => match.Success)
            .ToArray();

        Assert.InRange(bounds.Length, 20, int.MaxValue);
        Assert.All(bounds, match => Assert.True(
            _sources.Any(source => Path.GetFileNameWithoutExtension(source.Path) == match.Groups["file"].Value
                && Declares(source.Text, match.Groups["member"].Value)),
            $"There is no {match.Value}."));
    }

    private static bool Declares(string source, string member) =>
        source.Contains($" {member} ", StringComparison.Ordinal)
        || source.Contains($" {member}(", StringComparison.Ordinal);

    private static string[] Names(string text) =>
    [
        .. Metric().Matches(text)
            .Select(match => match.Value)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    private static string Section(string from, string to)
    {
        var start = _page.IndexOf(from, StringComparison.Ordinal);
        Assert.True(start >= 0, $"The page has no \"{from}\".");
        var end = _page.IndexOf(to, start + from.Length, StringComparison.Ordinal);
        return end < 0 ? _page[start..] : _page[start..end];
    }

    [GeneratedRegex("`(?<code>[^`\n]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Span();

    [GeneratedRegex(
        @"EventId = (?<id>\d+), EventName = ""(?<name>\w+)"", Level = LogLevel\.(?<level>\w+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Event();

    [GeneratedRegex(@"^\| \d+ \| `", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EventRow();

    [GeneratedRegex(@"\binstrumentator_[a-z_]+[a-z]\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metric();

    [GeneratedRegex(
        @"^(?<file>[A-Z]\w+)\.(?<member>\w+)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();
}
