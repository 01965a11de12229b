using System.Text;
using Instrumentator.Judges;
using Xunit.Sdk;

namespace Instrumentator.Properties;

public class PromtoolTests
{
    [Fact]
    public void Promtool_reads_any_snapshot()
    {
        Promtool.Require();
        Check.Holds(
            Generators.WellNamedSnapshots,
            snapshot => Promtool.AssertReads(
                Encoding.UTF8.GetBytes(ExpositionFormat.Prometheus.ToText(snapshot)),
                TestContext.Current.CancellationToken),
            tests: 20);
    }

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
