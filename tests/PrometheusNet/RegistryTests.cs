using Instrumentator.Tests;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>A registry over a prometheus-net registry.</summary>
public class RegistryTests
{
    [Fact]
    public void Each_prometheus_net_registry_has_one_registry_over_it()
    {
        var collectors = Prometheus.Metrics.NewCustomRegistry();
        Assert.Same(Registry.Over(collectors), Registry.Over(collectors));
        Assert.NotSame(Registry.Over(collectors), Registry.Over(Prometheus.Metrics.NewCustomRegistry()));
    }

    [Fact]
    public async Task Counters_of_requests_begin_at_0_in_prometheus_net_as_well()
    {
        var registry = Registry.Over(Prometheus.Metrics.NewCustomRegistry());
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapGet("/fails", () => Results.StatusCode(500));
            },
            it => it.WithRegistry(registry).With(config => config with { InitializeSeries = true }));

        Assert.Equal(new SampleValue.Counter(0), await ErrorsAsync());
        await app.SendAsync("GET", "/fails");
        Assert.Equal(new SampleValue.Counter(1), await ErrorsAsync());

        async Task<SampleValue?> ErrorsAsync() =>
            (await registry.ScrapeAsync(TestContext.Current.CancellationToken))
                .Find("http_requests_total", "/fails", "GET", "5xx");
    }

    [Fact]
    public void Native_histograms_show_their_classic_buckets_and_are_refused_without_any()
    {
        var registry = Registry.Over(Prometheus.Metrics.NewCustomRegistry());
        registry
            .Histogram("both_seconds", "Help.", new HistogramOptions { Native = new(), Buckets = [1] })
            .Observe(0.5);
        Assert.Equal([1, 0], Assert.IsType<SampleValue.Histogram>(registry.Scrape().Find("both_seconds")).Counts);

        var refusal = Assert.Throws<InvalidOperationException>(() =>
            registry.Histogram("native_seconds", "Help.", new HistogramOptions { Native = new(), Buckets = [] }));
        Assert.StartsWith(
            "prometheus-net has no native histograms, and this histogram has no classic buckets: Histogram "
                + "native_seconds",
            refusal.Message,
            StringComparison.Ordinal);
    }
}
