namespace Instrumentator.OpenTelemetry.Tests;

/// <summary>Checks each intended difference on both sides: when one disappears, its row in the documentation has
/// to go, too.</summary>
public sealed class DifferenceTests
{
    public static TheoryData<int> All => [.. Enumerable.Range(0, Differences.All.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_libraries_differ_as_documented(int index)
    {
        var difference = Differences.All[index];
        await using var both = await SideBySide.StartAsync(difference.Configure);

        await both.SendAsync(difference.Request);

        var theirs = await both.TheirsAsync(scrape => scrape.Counts.SequenceEqual(difference.Theirs));
        Assert.Equal(difference.Theirs, theirs.Counts);
        Assert.Equal(difference.Ours, (await both.OursAsync()).Counts);
    }

    [Fact]
    public async Task The_exporter_adds_its_scope_its_target_and_creation_times()
    {
        await using var both = await SideBySide.StartAsync(SideBySideApp.Configure);
        await both.SendAsync(new Sent("GET", "/"));
        await both.TheirsAsync(scrape => scrape.Histograms.Count > 0);

        var (ours, theirs) = (
            await both.ScrapeAsync(SideBySide.OurPath), await both.ScrapeAsync(SideBySide.TheirPath));

        Assert.All(
            ["target_info{", "otel_scope_name=", "http_server_request_duration_seconds_created{"],
            text =>
            {
                Assert.Contains(text, theirs, StringComparison.Ordinal);
                Assert.DoesNotContain(text, ours, StringComparison.Ordinal);
            });
    }

    [Fact]
    public async Task A_label_that_the_exporter_leaves_out_is_empty()
    {
        await using var both = await SideBySide.StartAsync(SideBySideApp.Configure);

        await both.SendAsync(new Sent("GET", "/nowhere"));

        await both.AssertSameAsync(1);
        Assert.Contains(
            "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_response_status_code=\"404\","
                + "http_route=\"\",url_scheme=\"http\",network_protocol_version=\"1.1\",error_type=\"\","
                + "aspnetcore_request_is_unhandled=\"true\"} 1\n",
            await both.ScrapeAsync(SideBySide.OurPath),
            StringComparison.Ordinal);
    }
}
