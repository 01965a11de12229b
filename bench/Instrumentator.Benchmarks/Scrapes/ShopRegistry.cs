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
        Fill(series, labels =>
        {
            var (request, duration, size) = (requests.With(labels), durations.With(labels), sizes.With(labels));
            return new ShopRoute(request.Increment, duration.Observe, size.Observe);
        });
        return registry;
    }

    /// <summary>Fills the registry of any library.</summary>
    /// <param name="series">The number of series.</param>
    /// <param name="create">Creates the series of a route, with these values of <c>handler</c>, <c>method</c> and
    /// <c>status</c>.</param>
    public static void Fill(int series, Func<string[], ShopRoute> create)
    {
        var random = new Random(series);
        for (var route = 0; route < series / SeriesOfRoute; route++)
        {
            string[] labels =
            [
                $"/api/v1/shops/{{shop}}/resource{route}/{{id}}",
                route % 3 == 0 ? "POST" : "GET",
                "2xx",
            ];
            Fill(create(labels), random);
        }
    }

    private static void Fill(ShopRoute route, Random random)
    {
        for (var i = random.Next(Observations); i < 2 * Observations; i++)
        {
            route.Request();
            route.Duration(WithoutRounding(0.001 * Math.Exp(10 * random.NextDouble())));
            route.Size(random.NextInt64(20_000));
        }
    }

    // A multiple of a power of two, so that every order of additions gives the same sum.
    private static double WithoutRounding(double seconds) => Math.ScaleB(Math.Round(Math.ScaleB(seconds, 20)), -20);
}

/// <summary>The series of one route.</summary>
/// <param name="Request">Counts a request.</param>
/// <param name="Duration">Records a duration in seconds.</param>
/// <param name="Size">Records a size in bytes.</param>
internal sealed record ShopRoute(Action Request, Action<double> Duration, Action<long> Size);
