using System.Text.RegularExpressions;

namespace Instrumentator.EndToEnd;

/// <summary>The changelog and docs/upgrading.md list the same changed series.</summary>
public sealed partial class UpgradingTests
{
    [Fact]
    public void Each_changed_series_of_the_changelog_is_on_the_upgrading_page_with_what_to_change_in_a_query()
    {
        var page = Rows(Path.Combine("docs", "upgrading.md")).ToArray();

        Assert.Equal(
            page.Select(row => string.Join(" | ", row[..3])),
            Rows("CHANGELOG.md").Select(row => string.Join(" | ", row)));
        Assert.All(page, row => Assert.NotEmpty(row[3]));
        Assert.InRange(page.Length, 10, 100);
    }

    // Without links: the changelog is also the release notes of the packages.
    private static IEnumerable<string[]> Rows(string file) =>
        from line in File.ReadLines(Path.Combine(Snippets.Root, file))
        where line.StartsWith("| ", StringComparison.Ordinal)
        select Link().Replace(line, "${text}").Trim('|').Split('|', StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();
}
