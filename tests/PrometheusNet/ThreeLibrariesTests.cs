using System.Diagnostics.Metrics;
using Instrumentator.Testing;
using WithPrometheusNet;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>The sample's file that uses prometheus-net, System.Diagnostics.Metrics and Instrumentator.</summary>
public sealed class ThreeLibrariesTests
{
    [Fact]
    public void Each_library_counts_and_one_scrape_shows_two_of_them()
    {
        var theirs = Prometheus.Metrics.NewCustomRegistry();
        var registry = new Registry().Include(theirs);
        using var meter = new Meter("Shop");
        var started = 0L;
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => started += measurement);
        var checkout = new Checkout(registry, Prometheus.Metrics.WithCustomRegistry(theirs), meter);
        listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter)
                listener.EnableMeasurementEvents(instrument);
        };
        listener.Start();

        checkout.Pay(isDomestic: true);
        checkout.Pay(isDomestic: false);

        Assert.Equal(2, started);
        Assert.Equal(2, registry.Value("shop_paid_total"));
        Assert.Equal(1, registry.Value("shop_orders_total", ("country", "DE")));
        Assert.Equal(1, registry.Value("shop_orders_total", ("country", "other")));
    }

    [Fact]
    public void Its_metric_function_counts_the_requests_to_the_checkout()
    {
        var registry = new Registry();
        var recorder = new Recorder(
            Instrumentation.Default.WithRegistry(registry).Add(Checkout.Requests), (_, _) => { });
        recorder.Record(recorder.Templated("/checkout"), new() { Method = "POST", StatusCode = 200 });
        recorder.Record(recorder.Templated("/cart"), new() { Method = "GET", StatusCode = 200 });
        Assert.Equal(1, registry.Value("shop_checkout_requests_total"));
    }
}
