using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Instrumentator.Benchmarks;

/// <summary>A registry that the middleware filled from two busy threads: each series has a stripe for each of
/// them.</summary>
/// <remarks>Durations are spread over the buckets, and no sum is round, as in <see cref="ShopRegistry"/>.</remarks>
internal static class BusyRegistry
{
    private const int Threads = 2;
    private const int SeriesOfRoute = 11;

    // A thread gets its stripe of a series after about 1,000 additions within a second.
    private const int RequestsUntilStriped = 1_100;

    /// <summary>Fills a registry.</summary>
    /// <param name="series">The number of series, as a reader of a scrape counts them.</param>
    public static Registry Create(int series)
    {
        var registry = new Registry(seriesLimit: series);
        var instrumentation = Instrumentation.Default.WithRegistry(registry);
        var app = App.Build(Traffic.Usual.Handler, builder => builder.UseInstrumentator(instrumentation), new Clock());
        Endpoint[] endpoints = [.. Enumerable.Range(0, series / SeriesOfRoute).Select(Traffic.NewEndpoint)];
        Send(app, endpoints, Threads);
        return registry;
    }

    // One thread after the other, so that each gets its stripes whatever the other does. Each lives until the next one
    // has ended,
    // since a new thread may get the stripes of one that ended.
    private static void Send(RequestDelegate app, Endpoint[] endpoints, int threads)
    {
        if (threads == 0)
            return;
        var thread = new Thread(() =>
        {
            Send(app, endpoints);
            Send(app, endpoints, threads - 1);
        });
        thread.Start();
        thread.Join();
    }

    private static void Send(RequestDelegate app, Endpoint[] endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            var context = new DefaultHttpContext { Request = { Method = HttpMethods.Get } };
            context.SetEndpoint(endpoint);
            for (var i = 0; i < RequestsUntilStriped; i++)
                _ = app(context);
        }
    }

    /// <summary>Advances by a random duration at each reading, for each thread by itself.</summary>
    private sealed class Clock : TimeProvider
    {
        [ThreadStatic]
        private static Random? _random;

        [ThreadStatic]
        private static double _now;

        public override long GetTimestamp()
        {
            var random = _random ??= new Random(RequestsUntilStriped);
            _now += 0.001 * Math.Exp(10 * random.NextDouble());
            return (long)(_now * TimestampFrequency);
        }
    }
}
