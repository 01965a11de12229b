namespace Instrumentator.Tests;

/// <summary>The labels and the namespace of a registry are those of everything that an app shows.</summary>
public class StaticLabelTests
{
    [Fact]
    public async Task Every_series_of_an_app_has_the_labels_and_the_namespace()
    {
        var registry = new Registry { Namespace = "shop", StaticLabels = [("service", "orders"), ("version", "1.2")] };
        registry.Counter("jobs", "Jobs.").Increment();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator(options: new() { SelfMetrics = true });
                app.MapGet("/a", () => "a");
                app.MapGet("/sse", async (HttpContext context) =>
                {
                    context.Response.ContentType = "text/event-stream";
                    await context.Response.WriteAsync("data: 1\n\n");
                });
            },
            it => it.WithRegistry(registry)
                .AndAlso(Metrics.CombinedSize())
                .AndAlso(Metrics.From(_ => throw new InvalidOperationException(), "failing"))
                .With(config => config with { InProgress = new() { Labels = true } }));
        await app.SendAsync("GET", "/a");
        await app.SendAsync("GET", "/sse");
        await app.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var lines = (await app.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken))
            .Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .ToArray();

        const string labels = "service=\"orders\",version=\"1.2\"";
        Assert.All(lines, line => Assert.Contains(labels, line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Matches("^(shop|instrumentator)_", line));
        foreach (var name in new[]
        {
            "shop_jobs_total{", "shop_http_requests_total{", "shop_http_request_duration_highr_seconds_bucket{",
            "shop_http_requests_inprogress{", "shop_http_long_lived_requests", "shop_http_combined_size_bytes",
            "instrumentator_metric_function_errors_total{", "instrumentator_scrape_duration_seconds_sum{",
        })
        {
            Assert.Contains(lines, line => line.StartsWith(name, StringComparison.Ordinal));
        }
    }
}
