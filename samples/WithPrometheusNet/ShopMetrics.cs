namespace WithPrometheusNet;

/// <summary>The existing metrics of the shop, with prometheus-net alone. They stay unchanged.</summary>
internal static class ShopMetrics
{
    private static readonly Prometheus.Counter _orders = Prometheus.Metrics.CreateCounter(
        "shop_orders_total",
        "Orders taken.",
        "country");
    private static readonly Prometheus.Gauge _stock = Prometheus.Metrics.CreateGauge("shop_stock", "Items in stock.");

    private static readonly Prometheus.Summary _prices = Prometheus.Metrics.CreateSummary(
        "shop_price_euros",
        "Prices of orders.",
        new Prometheus.SummaryConfiguration { Objectives = [new(quantile: 0.5, epsilon: 0.05)] });

    public static void CountOrder(string country, double price)
    {
        _orders.WithLabels(country == "DE" ? country : "other").Inc();
        _prices.Observe(price);
        _stock.Dec();
    }
}
