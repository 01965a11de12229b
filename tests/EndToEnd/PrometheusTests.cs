using Instrumentator.Shared;

namespace Instrumentator.EndToEnd;

/// <summary>What a Prometheus server answers that scraped the sample after known traffic.</summary>
public sealed class PrometheusTests(ShopAfterTraffic shop)
{
    [Fact]
    public async Task Both_apps_are_up_and_no_scrape_failed()
    {
        var prometheus = await shop.PrometheusAsync();

        Assert.All(await prometheus.QueryAsync("up"), target => Assert.Equal(1, target.Value));
        Assert.Equal(
            [new PrometheusTarget("hello", "up", ""), new PrometheusTarget("shop", "up", "")],
            (await prometheus.TargetsAsync()).OrderBy(target => target.Job, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Prometheus_asked_for_OpenMetrics_which_alone_has_units()
    {
        var prometheus = await shop.PrometheusAsync();

        Assert.Equal(("histogram", "seconds"), await prometheus.MetadataAsync("http_request_duration_seconds"));
        Assert.Equal(("counter", ""), await prometheus.MetadataAsync("http_requests"));
    }

    [Fact]
    public async Task Prometheus_keeps_every_line_of_the_scrape()
    {
        var prometheus = await shop.PrometheusAsync();

        Assert.Equal(
            (await shop.ScrapeAsync()).Count,
            await prometheus.ValueAsync("scrape_samples_scraped{job=\"shop\"}"));
    }

    [Fact]
    public async Task Prometheus_counts_each_handler_method_and_status_right_and_sees_no_other_label()
    {
        var prometheus = await shop.PrometheusAsync();

        var seen = await prometheus.QueryAsync("http_requests_total{job=\"shop\"}");

        Assert.All(
            seen,
            series =>
                Assert.Equal(
                    ["__name__", "handler", "instance", "job", "method", "status"],
                    series.Labels.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal(
            Traffic.SumBy(request => (request.Handler!, request.MethodLabel, request.StatusLabel)),
            seen.ToDictionary(
                series => (series.Labels["handler"], series.Labels["method"], series.Labels["status"]),
                series => series.Value));
    }

    [Fact]
    public async Task The_sums_of_Prometheus_are_those_of_the_traffic()
    {
        var prometheus = await shop.PrometheusAsync();

        Assert.Equal(Traffic.Total, await prometheus.ValueAsync("sum(http_requests_total{job=\"shop\"})"));
        Assert.Equal(
            Traffic.Total,
            await prometheus.ValueAsync("sum(http_request_duration_seconds_count{job=\"shop\"})"));
        Assert.Equal(
            Traffic.Total,
            await prometheus.ValueAsync("http_request_duration_highr_seconds_count{job=\"shop\"}"));
        Assert.Equal(3, await prometheus.ValueAsync("sum(http_requests_total{job=\"shop\",status=\"5xx\"})"));
        Assert.Equal(
            shop.ResponseSizes.Values.Sum(),
            await prometheus.ValueAsync("sum(http_response_size_bytes_sum{job=\"shop\"})"));
    }

    [Fact]
    public async Task The_median_of_the_slow_route_lies_in_the_bucket_of_its_delay()
    {
        var prometheus = await shop.PrometheusAsync();

        // It takes 200 ms: more than the bound 0.1, less than the bound 0.5.
        var median = await prometheus.ValueAsync(
            "histogram_quantile(0.5, http_request_duration_seconds_bucket{job=\"shop\",handler=\"/slow\"})");
        Assert.InRange(median, 0.1, 0.5);

        // More than a tenth of all requests are slow, so the slowest twentieth is.
        Assert.True(Traffic.Slow * 10 > Traffic.Total);
        Assert.True(
            await prometheus.ValueAsync(
                "histogram_quantile(0.95, http_request_duration_highr_seconds_bucket{job=\"shop\"})"
            ) > 0.1);
    }

    [Fact]
    public async Task Prometheus_sees_nothing_in_progress_when_all_is_done()
    {
        var prometheus = await shop.PrometheusAsync();

        Assert.Equal(0, await prometheus.ValueAsync("sum(http_requests_inprogress{job=\"shop\"})"));
        Assert.Equal(0, await prometheus.ValueAsync("max(http_requests_inprogress{job=\"shop\"})"));
    }

    [Fact]
    public async Task Prometheus_sees_the_metrics_of_the_shop_itself()
    {
        var prometheus = await shop.PrometheusAsync();

        Assert.Equal(
            Traffic.SumBy(request => request.Country!, where: request => request.Country is not null),
            await ByLabelAsync(prometheus, "shop_orders_total", "country"));
        Assert.Equal(
            Traffic.SumBy(request => request.LanguageLabel),
            await ByLabelAsync(prometheus, "shop_visits_total", "language"));
    }

    private static async Task<Dictionary<string, double>> ByLabelAsync(
        PrometheusServer prometheus,
        string metric,
        string label
    ) => (await prometheus.QueryAsync(metric)).ToDictionary(series => series.Labels[label], series => series.Value);
}
