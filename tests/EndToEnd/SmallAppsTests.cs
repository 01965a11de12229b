using System.Net;
using Microsoft.AspNetCore.Builder;
using MinimalApi;

namespace Instrumentator.EndToEnd;

/// <summary>The small apps whose lines the README shows.</summary>
public sealed class SmallAppsTests
{
    private const int Port = 9090;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_lines_measure_an_app()
    {
        await using var app = await LocalServer.StartAsync(FastTrack.Build);
        using var client = new HttpClient { BaseAddress = app.Address() };

        foreach (var name in new[] { "Ada", "Blaise", "Grace" })
            Assert.Equal($"Hello, {name}!", await client.GetStringAsync($"/hello/{name}", Cancelled));

        const string Series = "http_requests_total{handler=\"/hello/{name}\",method=\"GET\",status=\"2xx\"} 3";
        var text = await Shared.Poll.UntilAsync(
            async () => (await ScrapeText.GetAsync(client)).Text, seen => seen.Contains(Series, StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        Assert.Contains(Series, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:9090", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:8080", HttpStatusCode.NotFound)]
    public async Task Metrics_can_be_had_on_one_port_only(string host, HttpStatusCode expected)
    {
        await using var app = await LocalServer.StartAsync(args => PrivateMetrics.OnOnePort(WebApplication.CreateBuilder(args), Port));
        using var client = new HttpClient { BaseAddress = app.Address() };

        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = host } };
        using var response = await client.SendAsync(request, Cancelled);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_can_be_kept_from_those_without_a_token()
    {
        await using var app = await LocalServer.StartAsync(args => PrivateMetrics.ForThoseWithAToken(WebApplication.CreateBuilder(args)));
        using var client = new HttpClient { BaseAddress = app.Address() };

        using var response = await client.GetAsync("/metrics", Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
