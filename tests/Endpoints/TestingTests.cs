using Instrumentator.Testing;

namespace Instrumentator.Tests;

/// <summary>The test helpers, used as in the tests of an app.</summary>
public sealed class TestingTests
{
    [Fact]
    public async Task Recorded_metrics_can_be_read_and_compared()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator();
            app.MapInstrumentator();
            app.MapGet("/ping", () => "pong");
        });
        await PingAsync(app.Client, app.Registry);
        await PingAgainAsync(app.Client, app.Registry);
    }

    private static async Task PingAsync(HttpClient client, Registry registry)
    {
        // snippet:testing
        await client.GetAsync("/ping");

        Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/ping"), ("status", "2xx")));
        Assert.Equal(1, registry.Count("http_request_duration_seconds", ("handler", "/ping")));
        ScrapeAssert.Equal("""
            # TYPE http_requests_total counter
            http_requests_total{handler="/ping",method="GET",status="2xx"} 1
            """, registry, "http_requests_total");
        // endsnippet
    }

    private static async Task PingAgainAsync(HttpClient client, Registry registry)
    {
        // snippet:testing-more
        var pings = await registry.ChangeAsync(
            () => client.GetAsync("/ping"),
            "http_requests_total",
            ("handler", "/ping"));
        Assert.Equal(1, pings);

        var scrape = ParsedScrape.Parse(await client.GetStringAsync("/metrics"));
        Assert.Equal(2, scrape.Value("http_requests_total", ("handler", "/ping")));

        Assert.Empty(registry.Lint());
        // endsnippet
    }
}
