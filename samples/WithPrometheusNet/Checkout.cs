// snippet:three-libraries
using System.Diagnostics.Metrics;          // Meter, and Counter<T>, which clashes with nothing
using Instrumentator;                      // Registry, and Family<T>
using Counter = Instrumentator.Counter;    // Prometheus.Counter needs its full name
using Metrics = Instrumentator.Metrics;    // so does Prometheus.Metrics

namespace WithPrometheusNet;

/// <summary>A checkout that counts in prometheus-net, in a meter of .NET and in Instrumentator.</summary>
internal sealed class Checkout(Registry registry, Prometheus.IMetricFactory factory, Meter meter)
{
    private readonly Counter<long> _started = meter.CreateCounter<long>("shop.checkouts");
    private readonly Prometheus.Counter _paid = factory.CreateCounter("shop_paid_total", "Orders paid.");
    private readonly Family<Counter> _orders = registry.Counter("shop_orders_total", "Orders taken.", "country");

    /// <summary>The requests to the checkout alone, in Instrumentator.</summary>
    public static Func<Info, Unit> Requests { get; } = Metrics.Requests(new() { Name = "shop_checkout_requests_total" })
        .When(info => info.Handler == "/checkout");

    public void Pay(bool isDomestic)
    {
        _started.Add(1);
        _paid.Inc();
        _orders.With(isDomestic ? "DE" : "other").Increment();
    }
}
// endsnippet
