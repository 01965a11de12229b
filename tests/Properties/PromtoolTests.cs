using System.Text;
using Instrumentator.Judges;
using Xunit.Sdk;

namespace Instrumentator.Properties;

public class PromtoolTests
{
    [Property(
        MaxTest = 20,
        Skip = Promtool.SkipReason,
        SkipUnless = nameof(Promtool.IsRequiredOrPresent),
        SkipType = typeof(Promtool))]
    public Task Promtool_reads_any_snapshot(WellNamedSnapshot snapshot) =>
        Promtool.AssertReads(
            Encoding.UTF8.GetBytes(ExpositionFormat.Prometheus.ToText(snapshot.Value)),
            TestContext.Current.CancellationToken);

    [Fact]
    public async Task Promtool_reads_the_scrape_that_every_adapter_gives()
    {
        Promtool.Require();
        var scrape = await File.ReadAllBytesAsync(
            Path.Combine(Repository.Root, "tests", "Contract", "scrape.txt"),
            TestContext.Current.CancellationToken);
        await Promtool.AssertReads(scrape, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Promtool_refuses_invalid_text()
    {
        Promtool.Require();
        await Assert.ThrowsAsync<TrueException>(
            () => Promtool.AssertReads("a{b=\"c} 1\n"u8.ToArray(), TestContext.Current.CancellationToken));
    }
}
