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
    public async Task Promtool_reads_the_process_the_meters_of_the_runtime_and_the_versions()
    {
        Promtool.Require();
        await Promtool.AssertReads(
            Encoding.UTF8.GetBytes(Included().ToText()), TestContext.Current.CancellationToken);
    }

    /// <summary>Returns a registry with everything that a registry can include from .NET.</summary>
    internal static Registry Included() => new Registry()
        .IncludeProcess()
        .IncludeMeters("System.Runtime", "System.Net.*")
        .IncludeTargetInfo()
        .IncludeBuildInfo();

    [Fact]
    public async Task Promtool_refuses_invalid_text()
    {
        Promtool.Require();
        await Assert.ThrowsAsync<TrueException>(
            () => Promtool.AssertReads("a{b=\"c} 1\n"u8.ToArray(), TestContext.Current.CancellationToken));
    }
}
