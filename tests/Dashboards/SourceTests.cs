using System.Text.Json;

namespace Instrumentator.Tests;

/// <summary>The numbers come from the metrics that the instrumentation has, whatever their names and labels.</summary>
public sealed class SourceTests
{
    private static readonly ValueList<double> _bounds = [0.1, 1];

    [Fact]
    public async Task Default_metrics() => Assert.Equal(
        new()
        {
            ["requests"] = "http_requests_total",
            ["latency"] = "http_request_duration_highr_seconds",
            ["latencyOnlySuccess"] = "False",
            ["handlerLatency"] = "http_request_duration_seconds",
            ["requestSize"] = "http_request_size_bytes",
            ["responseSize"] = "http_response_size_bytes",
            ["inProgress"] = "",
            ["inProgressByHandler"] = "False",
            ["longLived"] = "http_long_lived_requests_inprogress",
            ["process"] = "False",
            ["handlers"] = "True",
            ["methods"] = "True",
            ["statuses"] = "True",
        },
        await MetricsAsync(it => it));

    [Fact]
    public async Task Another_namespace()
    {
        var metrics = await MetricsAsync(it => it.WithDefaultMetrics(new() { Namespace = "shop", Subsystem = "api" }));
        Assert.Equal("shop_api_http_requests_total", metrics["requests"]);
        Assert.Equal("shop_api_http_request_duration_highr_seconds", metrics["latency"]);
    }

    [Fact]
    public async Task A_namespace_of_the_registry()
    {
        var metrics = await MetricsAsync(it => it.WithRegistry(new Registry
        {
            Namespace = "shop",
            StaticLabels = [new("region", "eu")]
        }));
        Assert.Equal("shop_http_requests_total", metrics["requests"]);
        Assert.Equal("shop_http_long_lived_requests_inprogress", metrics["longLived"]);
    }

    [Fact]
    public async Task The_names_of_OpenTelemetry()
    {
        var metrics = await MetricsAsync(it => Presets.OpenTelemetry(it.Registry));
        Assert.Equal("http_server_request_duration_seconds", metrics["requests"]);
        Assert.Equal("http_server_request_duration_seconds", metrics["latency"]);
        Assert.Equal("http_server_active_requests", metrics["inProgress"]);
        Assert.Equal("False", metrics["inProgressByHandler"]);
        Assert.Equal("", metrics["responseSize"]);
        Assert.Equal("", metrics["longLived"]);
    }

    [Fact]
    public async Task The_names_of_prometheus_net()
    {
        var metrics = await MetricsAsync(it => Presets.PrometheusNet(it.Registry));
        Assert.Equal("http_requests_received_total", metrics["requests"]);
        Assert.Equal("http_request_duration_seconds", metrics["handlerLatency"]);
        Assert.Equal("http_requests_in_progress", metrics["inProgress"]);
        Assert.Equal("True", metrics["inProgressByHandler"]);
    }

    [Fact]
    public async Task A_metric_of_some_requests_is_no_source()
    {
        var metrics = await MetricsAsync(it => it.WithMetrics(
            Metrics.Requests(new() { Name = "some_total" }).When(info => info.StatusCode >= 500)
                .Then(Metrics.Requests(new() { Name = "all_total", Handler = false }))));
        Assert.Equal("all_total", metrics["requests"]);
        Assert.Equal("False", metrics["handlers"]);
        Assert.Equal("", metrics["latency"]);
    }

    [Fact]
    public async Task Metrics_in_another_registry_are_no_source()
    {
        var metrics = await MetricsAsync(it => it.WithMetrics(Metrics.Requests(new() { Registry = new Registry() })));
        Assert.Equal("", metrics["requests"]);
    }

    [Fact]
    public async Task Rows_have_the_labels_that_all_their_metrics_have()
    {
        var metrics = await MetricsAsync(it => it.WithMetrics(
            Metrics.Requests().Then(Metrics.Latency(new() { Method = false, Status = false, Buckets = _bounds }))));
        Assert.Equal("False", metrics["methods"]);
        Assert.Equal("http_request_duration_seconds", metrics["handlerLatency"]);
    }

    [Theory]
    [InlineData("defaults")]
    [InlineData("OpenTelemetry")]
    [InlineData("prometheus-net")]
    [InlineData("native")]
    [InlineData("sizes alone")]
    public async Task Requests_errors_and_durations_are_counted(string names)
    {
        await using var app = await LiveApp.StartAsync(it => names switch
        {
            "OpenTelemetry" => Presets.OpenTelemetry(it.Registry),
            "prometheus-net" => Presets.PrometheusNet(it.Registry),
            "native" => it.WithDefaultMetrics(new()
            {
                Native = new(),
                HighResolutionBuckets = [],
                LowResolutionBuckets = [],
            }),
            "sizes alone" => it.WithMetrics(Metrics.ResponseSize()),
            _ => it,
        });
        foreach (var status in new[] { 200, 200, 404, 500, 503 })
        {
            using var response = await app.GetAsync($"/h1/1?status={status}");
        }
        await app.PassAsync(1);
        var viewer = await Viewer.OpenAsync(app);
        var slot = Assert.Single(viewer.Slots["1m"]);
        var (row, numbers) = Assert.Single(viewer.RowsOf(slot));
        Assert.EndsWith("h1/{id}", row, StringComparison.Ordinal);
        Assert.Equal([5, 1, 2], numbers.Take(3));
        Assert.Equal(names == "sizes alone" ? 0 : 5, Observations(slot.GetProperty("latency")));
    }

    [Fact]
    public async Task Rules_that_switch_metrics_off_switch_the_page_off_too()
    {
        await using var app = await LiveApp.StartAsync(it => it.With(config => config with
        {
            EnabledBy = "INSTRUMENTATOR_TEST_NEVER_SET"
        }));
        var data = await app.DataAsync();
        Assert.False(data.GetProperty("enabled").GetBoolean());
        Assert.False(data.TryGetProperty("windows", out _));
    }

    private static double Observations(JsonElement buckets) =>
        buckets.EnumerateArray().Where((_, index) => index % 2 == 1).Sum(count => count.GetDouble());

    private static async Task<Dictionary<string, string>> MetricsAsync(Func<Instrumentation, Instrumentation> change)
    {
        await using var app = await LiveApp.StartAsync(change);
        return (await app.DataAsync())
            .GetProperty("metrics")
            .EnumerateObject()
            .ToDictionary(one => one.Name, one => one.Value.ToString(), StringComparer.Ordinal);
    }
}
