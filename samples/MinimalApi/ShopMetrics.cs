using Instrumentator;

namespace MinimalApi;

/// <summary>The metrics of the shop.</summary>
internal static class ShopMetrics
{
    // Clients choose what they send, and each label value costs memory. So label values come from a list.
    private static readonly string[] _countries = ["AT", "CH", "DE", "FR"];
    private static readonly string[] _languages = ["de", "en", "fr"];

    private static readonly Family<Counter> _orders =
        Registry.Default.Counter("shop_orders_total", "Orders taken.", "country");

    // snippet:custom-metric
    private static readonly Family<Counter> _visits =
        Registry.Default.Counter("shop_visits_total", "Requests by language.", "language");

    private static readonly Func<Info, Unit> _byLanguage =
        Metrics.From(info => _visits.With(Language(info.Request.Header("Accept-Language"))).Increment(), "by-language");
    // endsnippet

    // snippet:composition
    private static readonly Func<Info, Unit> _checkoutLatency = Metrics
        .Latency(new() { Name = "shop_checkout_duration_seconds", Buckets = [0.1, 0.5, 1], Handler = false })
        .When(info => info.Handler == "/orders");

    public static Func<Info, Unit> All { get; } = Metrics
        .CombinedSize(new() { Namespace = "shop", Method = false, Status = false })
        .Then(_checkoutLatency)
        .Then(_byLanguage);
    // endsnippet

    public static void CountOrder(Order order) => _orders.With(OneOf(_countries, order.Country)).Increment();

    private static string Language(string? accepted) => OneOf(_languages, accepted?.Split('-', ',', ';')[0]);

    private static string OneOf(string[] known, string? value) =>
        known.FirstOrDefault(one => one.Equals(value, StringComparison.OrdinalIgnoreCase)) ?? "other";
}
