using Instrumentator.Shared;

namespace Instrumentator.EndToEnd;

/// <summary>What Prometheus's own linter says of a scrape.</summary>
public sealed class PromtoolTests(ShopAfterTraffic shop)
{
    // Remarks on names that the original has, and that its dashboards ask for. There is none: promtool 2.42 has nothing
    // to say.
    private static readonly string[] _accepted = [];

    [Fact]
    public async Task Promtool_reads_the_scrape_and_has_nothing_to_remark()
    {
        var scrape = await shop.ScrapeAsync();

        var verdict = await PromtoolVerdict.OfAsync(scrape.Text, TestContext.Current.CancellationToken);

        Assert.Empty(verdict.Remarks.Except(_accepted));
        Assert.Equal(0, verdict.ExitCode);
    }

    [Fact]
    public async Task Promtool_would_notice_a_fault()
    {
        var verdict = await PromtoolVerdict.OfAsync(
            "# TYPE requests counter\nrequests 1\n",
            TestContext.Current.CancellationToken);

        Assert.NotEqual(0, verdict.ExitCode);
        Assert.Contains(verdict.Remarks, remark => remark.Contains("_total", StringComparison.Ordinal));
    }
}
