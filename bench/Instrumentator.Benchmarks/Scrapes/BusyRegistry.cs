using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Instrumentator.Benchmarks;

/// <summary>A registry as the middleware fills it where all routes are busy: each series has a stripe for each of two threads.</summary>
/// <remarks>Durations are spread over the buckets, and no sum is round, as in <see cref="ShopRegistry"/>.</remarks>
internal static class BusyRegistry
{
    private const int Threads = 2;
    private const int SeriesOfRoute = 11;
    private const int Requests = 300;

    public static Registry Create(int series)
    {
        var registry = new Registry(seriesLimit: series);
        var app = App.Build(Traffic.Usual.Handler, builder => builder.UseInstrumentator(Instrumentation.Default.WithRegistry(registry)), new Clock());
        Endpoint[] endpoints = [.. Enumerable.Range(0, series / SeriesOfRoute).Select(Traffic.NewEndpoint)];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() => Send(app, endpoints)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return registry;
    }

    private static void Send(RequestDelegate app, Endpoint[] endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            var context = new DefaultHttpContext { Request = { Method = HttpMethods.Get } };
            context.SetEndpoint(endpoint);
            for (var i = 0; i < Requests; i++)
                _ = app(context);
        }
    }

    /// <summary>Tells the time of each thread by itself. For the first half of the requests of a route it goes slowly, so that they come often.</summary>
    private sealed class Clock : TimeProvider
    {
        [ThreadStatic]
        private static Random? _random;

        [ThreadStatic]
        private static long _reads;

        [ThreadStatic]
        private static double _now;

        // Each request asks twice.
        public override long GetTimestamp()
        {
            var random = _random ??= new Random(Requests);
            _now += _reads++ / Requests % 2 == 0 ? 0.001 * random.NextDouble() : 0.001 * Math.Exp(10 * random.NextDouble());
            return (long)(_now * TimestampFrequency);
        }
    }
}
