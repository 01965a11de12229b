using System.Diagnostics.Metrics;

namespace Instrumentator.Benchmarks;

/// <summary>Measures a whole scrape of OpenTelemetry's endpoint as text, with the same series and numbers as in our own
/// rows.</summary>
internal static class OpenTelemetryScrapes
{
    public static IEnumerable<Case> All => Scrapes.OfPeer("opentelemetry", Scrape);

    private static Work Scrape(int size)
    {
        var meter = new Meter("shop");
        var text = new OpenTelemetryText(OpenTelemetryText.Observe(meter.Name));
        Fill(meter, size);
        SampleLines.RequireShop(text.Samples(), size);
        return operations =>
        {
            for (var i = 0; i < operations; i++)
                text.Scrape();
        };
    }

    private static void Fill(Meter meter, int size)
    {
        var requests = meter.CreateCounter<long>("http_requests_total", description: "Requests.");
        var durations = OpenTelemetryByHand.Histogram(
            meter, "http_request_duration_seconds", "Durations.", Buckets.Default);
        var sizes = OpenTelemetryByHand.Histogram<long>(meter, "http_response_size_bytes", "Sizes of responses.", []);
        ShopRegistry.Fill(size, labels =>
        {
            KeyValuePair<string, object?>[] tags =
                [new("handler", labels[0]), new("method", labels[1]), new("status", labels[2])];
            return new ShopRoute(
                () => requests.Add(1, tags),
                seconds => durations.Record(seconds, tags),
                bytes => sizes.Record(bytes, tags));
        });
    }
}
