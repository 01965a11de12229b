using Instrumentator;

namespace MinimalApi;

/// <summary>What the shop measures.</summary>
internal static class ShopMetrics
{
    // Clients choose what they send. What becomes a label comes from a list: each label value costs memory, here and in Prometheus.
    private static readonly string[] _countries = ["AT", "CH", "DE", "FR"];
    private static readonly string[] _languages = ["de", "en", "fr"];

    // snippet:custom-counter
    private static readonly Family<Counter> _orders = Registry.Default.Counter("shop_orders_total", "Orders taken.", "country");

    public static void CountOrder(Order order) => _orders.With(OneOf(_countries, order.Country)).Increment();
    // endsnippet

    // snippet:custom-metric
    private static readonly Family<Counter> _visits = Registry.Default.Counter("shop_visits_total", "Requests by language.", "language");

    private static readonly Func<Info, Unit> _byLanguage =
        Metrics.From(info => _visits.With(OneOf(_languages, info.Request.Header("Accept-Language")?.Split('-', ',', ';')[0])).Increment());
    // endsnippet

    // snippet:composition
    public static Func<Info, Unit> All { get; } = Metrics.Default()
        .Then(Metrics.CombinedSize(new() { Namespace = "shop", Method = false, Status = false }))
        .Then(Metrics.Latency(new() { Name = "shop_checkout_duration_seconds", Buckets = [0.1, 0.5, 1], Handler = false, Method = false })
            .When(info => info.Handler == "/orders"))
        .Then(_byLanguage);
    // endsnippet

    private static string OneOf(string[] known, string? value) =>
        known.FirstOrDefault(one => one.Equals(value, StringComparison.OrdinalIgnoreCase)) ?? "other";
}
