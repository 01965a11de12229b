using Instrumentator.Testing;

namespace Instrumentator.Tests;

/// <summary>The linter reports names that break a convention, and no others.</summary>
public class LintTests
{
    [Fact]
    public void The_built_in_metrics_have_no_remarks()
    {
        var registry = new Registry();
        Metrics.Default(new() { Registry = registry });
        Metrics.CombinedSize(new() { Registry = registry });
        Assert.Empty(registry.Lint());
        Assert.All(ValueTests.Texts(registry), text => Assert.Empty(ParsedScrape.Parse(text).Lint()));
    }

    [Theory]
    [InlineData("# TYPE a gauge\na 1\n", "a: there is no help text")]
    [InlineData("# HELP a \n# TYPE a gauge\na 1\n", "a: there is no help text")]
    [InlineData("# HELP a Help.\n# TYPE a counter\na 1\n", "a: the name of a counter should end in _total")]
    [InlineData(
        "# HELP a_total Help.\n# TYPE a_total gauge\na_total 1\n",
        "a_total: the name of a gauge should not end in _total, as that of a counter does")]
    [InlineData(
        "# HELP a_count Help.\n# TYPE a_count gauge\na_count 1\n",
        "a_count: _count at the end of a name is for the samples of histograms and summaries")]
    [InlineData("# HELP a:b Help.\n# TYPE a:b gauge\na:b 1\n", "a:b: colons are for the names of recording rules")]
    [InlineData("# HELP _a Help.\n# TYPE _a gauge\n_a 1\n", "_a: names that begin with _ are reserved")]
    [InlineData("# HELP aB Help.\n# TYPE aB gauge\naB 1\n", "aB: the name should be in snake_case")]
    [InlineData(
        "# HELP a_gauge Help.\n# TYPE a_gauge gauge\na_gauge 1\n",
        "a_gauge: the name should not say the type, gauge")]
    [InlineData(
        "# HELP a_milliseconds Help.\n# TYPE a_milliseconds gauge\na_milliseconds 1\n",
        "a_milliseconds: the unit should be seconds, not milliseconds")]
    [InlineData(
        "# HELP a_hours_total Help.\n# TYPE a_hours_total counter\na_hours_total 1\n",
        "a_hours_total: the unit should be seconds, not hours")]
    [InlineData(
        "# HELP a_ms Help.\n# TYPE a_ms gauge\na_ms 1\n",
        "a_ms: units should be written in full: seconds, not ms")]
    [InlineData("# HELP a Help.\n# TYPE a gauge\na{userId=\"1\"} 1\n", "a: the label userId should be in snake_case")]
    [InlineData(
        "# HELP a Help.\n# TYPE a gauge\na{le=\"1\"} 1\n",
        "a: the label le is for the buckets of histograms")]
    [InlineData(
        "# HELP a Help.\n# TYPE a gauge\na{quantile=\"1\"} 1\n",
        "a: the label quantile is for the quantiles of summaries")]
    [InlineData(
        "# HELP a Help.\n# TYPE a gauge\na{__b=\"1\"} 1\n",
        "a: the label __b is reserved: Prometheus keeps names that begin with __ to itself")]
    public void A_name_that_breaks_with_a_convention_is_remarked_upon(string text, string remark) =>
        Assert.Equal([remark], ParsedScrape.Parse(text).Lint());

    [Theory]
    [InlineData("# HELP thermometers Help.\n# TYPE thermometers gauge\nthermometers 1\n")]
    [InlineData("# HELP a_total Help.\na_total 1\n")]
    [InlineData("# HELP a Help.\n# TYPE a counter\na_total 1\n# EOF\n")]
    [InlineData("# HELP a Help.\n# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 1\na_sum 1\n")]
    [InlineData("# HELP a Help.\n# TYPE a summary\na{quantile=\"1\"} 1\n")]
    public void Names_that_follow_the_conventions_are_not_reported(string text) =>
        Assert.Empty(ParsedScrape.Parse(text).Lint());
}
