using System.Net;
using Instrumentator.Shared;
using Microsoft.AspNetCore.Builder;
using MinimalApi;

namespace Instrumentator.EndToEnd;

/// <summary>The small apps whose lines the README shows.</summary>
public sealed class SmallAppsTests
{
    private const int Port = 9090;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_app_of_the_README_has_the_metrics_of_the_README()
    {
        await using var app = await SampleProcess.StartAsync("Hello");

        foreach (var name in new[] { "Ada", "Blaise", "Grace" })
            Assert.Equal($"Hello, {name}!", await app.Client.GetStringAsync($"/hello/{name}", Cancelled));
        using (await app.Client.GetAsync("/nowhere", Cancelled)) { }

        // An ellipsis stands for text or lines that are left out.
        // How many requests took less than 100 ms depends on the machine.
        var metrics = Snippets
            .Blocks(Path.Combine(Snippets.Root, "README.md"))
            .First(block => block.Language == "text");
        var lines = metrics
            .Code.Split('\n')
            .Select(line => line.Contains("_bucket{", StringComparison.Ordinal) ? line[..line.LastIndexOf(' ')] : line)
            .Select(line => line.Split('…')[0])
            .Where(line => line.Length > 0)
            .ToArray();
        Assert.InRange(lines.Length, 8, int.MaxValue);
        await ExpectAsync(app, lines);
    }

    [Fact]
    public async Task The_app_with_metrics_of_its_own_counts_orders_beside_the_default_metrics()
    {
        await using var app = await SampleProcess.StartAsync("OwnMetrics");

        foreach (var country in new[] { "DE", "DE", "Atlantis" })
            using (await app.Client.PostAsync($"/orders/{country}", null, Cancelled)) { }

        await ExpectAsync(
            app,
            "shop_orders_total{country=\"DE\"} 2",
            "shop_orders_total{country=\"other\"} 1",
            "http_requests_total{handler=\"/orders/{country}\",method=\"POST\",status=\"2xx\"} 3",
            "http_combined_size_bytes_count{handler=\"/orders/{country}\",status=\"2xx\"} 3",
            "# TYPE slow_request_duration_seconds histogram");
    }

    [Theory]
    [InlineData("127.0.0.1:9090", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:8080", HttpStatusCode.NotFound)]
    public async Task Metrics_can_be_had_on_one_port_only(string host, HttpStatusCode expected)
    {
        await using var app = await LocalServer.StartAsync(args =>
            PrivateMetrics.OnOnePort(WebApplication.CreateBuilder(args), Port));
        using var client = new HttpClient { BaseAddress = app.Address() };

        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = host } };
        using var response = await client.SendAsync(request, Cancelled);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_can_be_kept_from_those_without_a_token()
    {
        await using var app = await LocalServer.StartAsync(args =>
            PrivateMetrics.ForThoseWithAToken(WebApplication.CreateBuilder(args)));
        using var client = new HttpClient { BaseAddress = app.Address() };

        using var response = await client.GetAsync("/metrics", Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task The_page_can_be_kept_from_those_without_a_token()
    {
        await using var app = await LocalServer.StartAsync(args =>
            PrivatePage.ForAPolicy(WebApplication.CreateBuilder(args)));
        using var client = new HttpClient { BaseAddress = app.Address() };

        foreach (var path in new[] { "/metrics-live", "/metrics-live/data" })
        {
            using var response = await client.GetAsync(path, Cancelled);
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, response.StatusCode));
        }
    }

    [Theory]
    [InlineData("127.0.0.1:9090", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:8080", HttpStatusCode.NotFound)]
    public async Task The_page_can_be_had_on_one_port_only(string host, HttpStatusCode expected)
    {
        await using var app = await LocalServer.StartAsync(args =>
            PrivatePage.OnOnePort(WebApplication.CreateBuilder(args), Port));
        using var client = new HttpClient { BaseAddress = app.Address() };

        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics-live") { Headers = { Host = host } };
        using var response = await client.SendAsync(request, Cancelled);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task In_Development_everybody_sees_the_page()
    {
        await using var app = await LocalServer.StartAsync(args =>
            PrivatePage.InDevelopment(WebApplication.CreateBuilder([.. args, "--environment=Development"])));
        using var client = new HttpClient { BaseAddress = app.Address() };

        Assert.StartsWith(
            "<!doctype html>", await client.GetStringAsync("/metrics-live", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elsewhere_the_app_does_not_start_with_the_error_of_the_documentation()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => LocalServer.StartAsync(args =>
            PrivatePage.InDevelopment(WebApplication.CreateBuilder([.. args, "--environment=Production"]))));

        // Lines may be broken elsewhere.
        var text = Snippets.Blocks(Path.Combine(Snippets.Root, "docs", "live-page.md"))
            .First(block => block.Language == "text");
        Assert.Equal(text.Code.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Everybody_sees_the_page_if_that_is_decided()
    {
        await using var app = await LocalServer.StartAsync(args =>
            PrivatePage.ForEverybody(WebApplication.CreateBuilder([.. args, "--environment=Production"])));
        using var client = new HttpClient { BaseAddress = app.Address() };

        Assert.StartsWith(
            "<!doctype html>", await client.GetStringAsync("/metrics-live", Cancelled), StringComparison.Ordinal);
    }

    // A response is sent before its request is recorded.
    private static async Task ExpectAsync(SampleProcess app, params string[] lines)
    {
        var text = await Poll.UntilAsync(
            async () => (await ScrapeText.GetAsync(app.Client)).Text,
            text => lines.All(line => text.Contains(line, StringComparison.Ordinal)),
            TimeSpan.FromSeconds(20));
        Assert.All(lines, line => Assert.Contains(line, text, StringComparison.Ordinal));
    }
}
