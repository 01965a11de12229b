namespace Instrumentator.Properties;

/// <summary>docs/comparison.md claims nothing for this library that no test shows.</summary>
public sealed class ComparisonPageTests
{
    private static readonly string[] _rows =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "comparison.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)
                && !line.StartsWith("| feature |", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Each_feature_of_this_library_names_tests_that_exist()
    {
        var claimed = _rows.Where(row => row.Split(" | ")[1] is ['✔' or '◐', ..]).ToArray();

        Assert.InRange(claimed.Length, 40, int.MaxValue);
        Assert.All(claimed, row => Assert.NotEmpty(NamedTests.In(row)));
        Assert.All(claimed.SelectMany(NamedTests.In), NamedTests.AssertExists);
    }

    [Fact]
    public void Each_row_has_a_sign_for_each_library() => Assert.All(_rows, row => Assert.All(
        row.Split(" | ")[1..5], cell => Assert.Contains(cell[0], "✔◐✖?–")));
}
