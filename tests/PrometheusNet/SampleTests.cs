using Instrumentator.Shared;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>Runs the sample as a process in each of its variants: the shop keeps its own metrics and gains
/// ours.</summary>
public sealed class SampleTests
{
    [Theory]
    [InlineData("over", """http_requests_total{handler="/products/{id}",method="GET",status="2xx"} 2""")]
    [InlineData("include", """http_requests_total{handler="/products/{id}",method="GET",status="2xx"} 2""")]
    [InlineData(
        "preset",
        """http_requests_received_total{code="200",method="GET",controller="",action="","""
        + """endpoint="/products/{id:int}"} 2""")]
    [InlineData("both", """app_http_requests_total{handler="/products/{id}",method="GET",status="2xx"} 2""")]
    public async Task The_shop_keeps_its_metrics_and_gains_ours(string way, string ours)
    {
        await using var shop = await SampleProcess.StartAsync("WithPrometheusNet", way);

        var lines = await ScrapeAfterTrafficAsync(shop.Client);

        Assert.Contains(ours, lines);
        Assert.Contains("""shop_orders_total{country="DE"} 1""", lines);
        Assert.Contains("""shop_price_euros{quantile="0.5"} 9.99""", lines);
        Assert.Contains("shop_stock -1", lines);
        Assert.Distinct(lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)));

        // The framework's own meter measures scrapes, and prometheus-net collects it.
        Assert.DoesNotContain(lines, line => line.Contains("http_request", StringComparison.Ordinal)
            && line.Contains("=\"/metrics\"", StringComparison.Ordinal)
            && !line.StartsWith("microsoft_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Both_middlewares_count_the_same_requests()
    {
        await using var shop = await SampleProcess.StartAsync("WithPrometheusNet", "both");

        var lines = await ScrapeAfterTrafficAsync(shop.Client);

        Assert.Contains(
            """http_requests_received_total{code="200",method="GET",controller="",action="","""
            + """endpoint="/products/{id:int}"} 2""",
            lines);
        Assert.Contains("""app_http_requests_total{handler="/products/{id}",method="GET",status="2xx"} 2""", lines);
    }

    private static async Task<string[]> ScrapeAfterTrafficAsync(HttpClient client)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await client.GetStringAsync("/products/1", cancellation);
        await client.GetStringAsync("/products/2", cancellation);
        using var order = await client.PostAsync("/orders?country=DE", null, cancellation);
        await client.GetStringAsync("/metrics", cancellation);
        return (await client.GetStringAsync("/metrics", cancellation)).Split('\n');
    }
}
