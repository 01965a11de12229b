namespace Instrumentator.Benchmarks;

/// <summary>Fills a registry as an HTTP app does it over time.</summary>
/// <remarks>
/// Each route has 20 series: 15 buckets, sum and count of a latency histogram, one counter, and sum and count of a
/// summary of sizes.
/// Durations are spread over all buckets, and no value is round.
/// </remarks>
internal static class ShopRegistry
{
    private const int SeriesOfRoute = 20;
    private const int Observations = 1_500;

    public static Registry Create(int series) => Fill(new Registry(seriesLimit: series), series);

    public static Registry Fill(Registry registry, int series)
    {
        var requests = registry.Counter(
            "http_requests_total",
            "Total number of requests by method, status and handler.",
            "handler",
            "method",
            "status");
        var durations = registry.Histogram(
            "http_request_duration_seconds",
            "Duration of HTTP requests in seconds",
            Buckets.Default,
            "handler",
            "method",
            "status");
        var sizes = registry.Summary(
            "http_response_size_bytes",
            "Content length of outgoing responses by handler.",
            "handler",
            "method",
            "status");
        var random = new Random(series);
        for (var route = 0; route < series / SeriesOfRoute; route++)
        {
            string[] labels =
            [
                $"/api/v1/shops/{{shop}}/resource{route}/{{id}}",
                route % 3 == 0 ? "POST" : "GET",
                "2xx",
            ];
            Fill(requests.With(labels), durations.With(labels), sizes.With(labels), random);
        }
        return registry;
    }

    private static void Fill(Counter requests, Histogram durations, Summary sizes, Random random)
    {
        for (var i = random.Next(Observations); i < 2 * Observations; i++)
        {
            requests.Increment();
            durations.Observe(0.001 * Math.Exp(10 * random.NextDouble()));
            sizes.Observe(random.NextInt64(20_000));
        }
    }
}
