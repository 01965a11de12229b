using Instrumentator.Shared;

namespace Instrumentator.OpenTelemetry.Tests;

/// <summary>Runs the code of docs/coming-from-opentelemetry.md.</summary>
/// <remarks>All apps share the default registry, so each test sends a method of its own.</remarks>
public sealed class WaysTests
{
    [Fact]
    public async Task The_preset_is_in_our_scrape()
    {
        await using var app = await StartAsync(Ways.UnderTheirNames);

        Assert.Contains(await SendAndScrapeAsync(app, "PUT", "/metrics", Requests("PUT")), Requests("PUT"));
    }

    [Fact]
    public async Task Both_libraries_measure_the_same_requests_and_no_scrapes()
    {
        await using var app = await StartAsync(Ways.BothAtOnce);

        var theirs = await SendAndScrapeAsync(app, "DELETE", "/metrics/otel", Requests("DELETE"));
        var ours = await SendAndScrapeAsync(app, "DELETE", "/metrics", Requests("DELETE"));

        Assert.All([theirs, ours], lines => Assert.Contains(lines, Requests("DELETE")));
        Assert.DoesNotContain([.. theirs, .. ours], line => line.StartsWith("http_server_", StringComparison.Ordinal)
            && line.Contains("http_route=\"/metrics", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OpenTelemetry_keeps_the_other_meters()
    {
        await using var app = await StartAsync(Ways.OtherMeters);

        Predicate<string> connections =
            line => line.StartsWith("kestrel_active_connections{", StringComparison.Ordinal);
        var theirs = await SendAndScrapeAsync(app, "PATCH", "/metrics/otel", connections);
        var ours = await SendAndScrapeAsync(app, "PATCH", "/metrics", Requests("PATCH"));

        Assert.Contains(theirs, connections);
        Assert.DoesNotContain(theirs, Requests("PATCH"));
        Assert.Contains(ours, Requests("PATCH"));
    }

    [Fact]
    public async Task The_process_and_the_meters_of_others_are_in_the_scrape_of_an_app()
    {
        await using var app = await StartAsync(Ways.WithProcess);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        var text = await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Contains("\nprocess_cpu_seconds_total ", text, StringComparison.Ordinal);
        Assert.Contains("\ndotnet_collection_count_total{generation=\"2\"} ", text, StringComparison.Ordinal);
        Assert.Contains("\ndotnet_gc_collections_total{gc_heap_generation=\"gen2\"} ", text, StringComparison.Ordinal);
        Assert.Contains("\nhttp_client_active_requests{", text, StringComparison.Ordinal);
        Assert.Contains("\nkestrel_active_connections{", text, StringComparison.Ordinal);
        Assert.Contains("\ntarget_info{service_name=\"OpenTelemetry.Tests\"", text, StringComparison.Ordinal);
        Assert.Contains("\ninstrumentator_build_info{", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_of_the_app_is_on_the_histogram()
    {
        var registry = new Registry();
        await using var both = await SideBySide.StartAsync(
            SideBySideApp.Configure, _ => Ways.WithTenant().WithRegistry(registry));

        await both.SendAsync(new Sent("GET", "/"));

        Assert.Contains(
            "aspnetcore_request_is_unhandled=\"\",tenant=\"other\"} 1\n", registry.ToText(), StringComparison.Ordinal);
        Assert.Contains(
            "http_server_active_requests{http_request_method=\"GET\",url_scheme=\"http\"} 0\n",
            registry.ToText(),
            StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(Func<string[], WebApplication> build)
    {
        var app = build(["--urls", "http://127.0.0.1:0"]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static Predicate<string> Requests(string method) => line =>
        line.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal)
        && line.Contains($"http_request_method=\"{method}\"", StringComparison.Ordinal);

    // The exporter renders a new text every 300 ms, so this asks until the line is there.
    private static async Task<string[]> SendAndScrapeAsync(
        WebApplication app, string method, string path, Predicate<string> awaited)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var request = new HttpRequestMessage(new HttpMethod(method), "/nowhere");
        using var answer = await client.SendAsync(request, cancellation);
        return await Poll.UntilAsync(
            async () => (await client.GetStringAsync(path, cancellation)).Split('\n'),
            lines => Array.Exists(lines, awaited),
            TimeSpan.FromSeconds(20));
    }
}
