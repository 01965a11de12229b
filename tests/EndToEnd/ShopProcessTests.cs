using System.Diagnostics;
using Instrumentator.Shared;

namespace Instrumentator.EndToEnd;

/// <summary>The sample as a process: its demonstration, its gauge while something runs, and how it ends.</summary>
public sealed class ShopProcessTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // Those of the shop but two that would drown the story, and those of the demo alone.
    private static readonly string[] _demoHandlers =
        ["/payments", "/recommendations/{id}", "/search", "/reports/{month}"];

    [Fact]
    public async Task The_demo_says_what_it_does_and_soon_shows_every_route()
    {
        await using var shop = await SampleProcess.StartAsync("MinimalApi", "--demo");

        var scrape = await Poll.UntilAsync(
            () => ScrapeText.GetAsync(shop.Client),
            seen => Handlers(seen).Count == Expected.Count && seen.Text.Contains(Failed, StringComparison.Ordinal),
            _patience);

        Assert.Equal(Expected, Handlers(scrape));
        Assert.All(scrape.Family("http_requests_total").Values, count => Assert.True(count > 0));
        Assert.Contains(Failed, scrape.Text, StringComparison.Ordinal);
        Assert.Equal(2, scrape["http_long_lived_requests_inprogress{handler=\"/offers\"}"]);
        Assert.Collection(
            shop.Process.Lines,
            line =>
                Assert.StartsWith(
                    $"Open {shop.Address.GetLeftPart(UriPartial.Authority)}/metrics-live in a browser",
                    line,
                    StringComparison.Ordinal),
            line =>
                Assert.Contains(
                    $"{shop.Address.GetLeftPart(UriPartial.Authority)}/metrics",
                    line,
                    StringComparison.Ordinal),
            line => Assert.StartsWith("Demo: ", line, StringComparison.Ordinal));
    }

    // As the README says: what the first command prints first is where to look.
    [Fact]
    public async Task The_address_that_the_demo_prints_first_is_that_of_a_page_with_its_numbers()
    {
        await using var shop = await SampleProcess.StartAsync("MinimalApi", "--demo");
        var address = shop.Process.Lines[0].Split(' ')[1];

        using var page = await shop.Client.GetAsync(address, Cancelled);
        var data = await Poll.UntilAsync(
            () => shop.Client.GetStringAsync($"{address}/data?1m=-1", Cancelled),
            data => data.Contains("{\"handler\":\"/payments\"}", StringComparison.Ordinal),
            _patience);

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("{\"handler\":\"/payments\"}", data, StringComparison.Ordinal);
        Assert.Contains("\"title\":\"Shop\"", data, StringComparison.Ordinal);
        Assert.Contains("\"process\":true", data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_in_order_when_it_is_told_to_while_the_demo_runs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        await using var shop = await SampleProcess.StartAsync("MinimalApi", "--demo");

        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {shop.Process.Id}"]))
            await kill.WaitForExitAsync(Cancelled);
        await shop.Process.WaitForExitAsync(_patience);

        Assert.Equal((0, ""), (shop.Process.ExitCode, string.Join('\n', shop.Process.Lines.Skip(3))));
    }

    [Fact]
    public async Task A_request_is_in_progress_while_it_runs()
    {
        await using var shop = await SampleProcess.StartAsync("MinimalApi");

        // The scrape must come while the other request waits; on a busy machine it may take several turns.
        var seen = await Poll.UntilAsync(
            () => InProgressDuringAsync(shop.Client, "/slow"),
            inProgress => inProgress == 1,
            _patience);

        Assert.Equal(1, seen);
    }

    private static async Task<double> InProgressDuringAsync(HttpClient client, string path)
    {
        var running = client.GetStringAsync(path, Cancelled);
        var scrape = await ScrapeText.GetAsync(client);
        await running;
        return scrape.Family("http_requests_inprogress").GetValueOrDefault($"handler=\"{path}\",method=\"GET\"");
    }

    private const string Failed = "http_requests_total{handler=\"/payments\",method=\"POST\",status=\"5xx\"}";

    private static HashSet<string> Expected =>
        [.. Traffic.Measured.Select(request => request.Handler!).Except(["/slow", "/fail"]).Concat(_demoHandlers)];

    private static HashSet<string> Handlers(ScrapeText scrape) =>
        [.. scrape.Family("http_requests_total").Keys.Select(labels => labels.Split('"')[1])];
}
