using System.Globalization;
using Instrumentator.Properties;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Attack;

/// <summary>No series takes more memory than docs/security.md says, with one thread and with all stripes.</summary>
public sealed class SeriesMemoryTests
{
    private const int SeriesCount = 100;

    // Each thread gets its stripe of a series after a thousand additions that no other thread has made its own.
    private const int Times = 1_200;

    // A native histogram is striped by blocks of counts.
    private const int NativeBucketCount = 160;
    private const int CountsInBlock = 8;

    private const int LabelLength = 1_024;

    // A registry and its families without series.
    private const int Empty = 20_000;

    private static readonly int _threads = Math.Max(16, 4 * Environment.ProcessorCount);

    private static readonly string _page =
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));

    [Theory]
    [InlineData("counter", 400, 180)]
    [InlineData("gauge", 400, 0)]
    [InlineData("summary", 400, 190)]
    [InlineData("histogram, default buckets", 500, 290)]
    [InlineData("native histogram, 160 buckets", 17_000, 4_800)]
    public void A_series_takes_at_most_the_bytes_that_are_documented(string kind, int quiet, int stripe)
    {
        AssertDocumented(kind, quiet, stripe);
        var isNative = kind.StartsWith("native", StringComparison.Ordinal);
        AssertAtMost(
            quiet,
            stripe,
            registry => FindSeries(registry, kind),
            count: isNative ? SeriesCount / 10 : SeriesCount,
            times: isNative ? Times * NativeBucketCount / CountsInBlock : Times);
    }

    [Theory]
    [InlineData(10, 3_500, 760)]
    [InlineData(LabelLength, 3_500 + (16 * LabelLength), 760)]
    public void The_default_metrics_take_at_most_the_bytes_that_are_documented(int length, int quiet, int stripe)
    {
        AssertDocumented("default metrics of a route, method and status", 3_500, stripe);
        var endpoints = Enumerable.Range(0, SeriesCount).Select(i => EndpointOf(i, length)).ToArray();
        AssertAtMost(quiet, stripe, registry => Requests(registry, endpoints), SeriesCount, Times);
        GC.KeepAlive(endpoints);
    }

    private static void AssertDocumented(string kind, int quiet, int stripe) =>
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"| {kind} | {quiet:n0} | {stripe:n0} |"),
            _page,
            StringComparison.Ordinal);

    // Each addition gets the number of a series and of a bucket.
    private static void AssertAtMost(
        int quiet, int stripe, Func<Registry, Action<int, int>> start, int count, int times)
    {
        // Compiles everything, and fills caches of the process.
        Fill(start(new Registry()));
        var before = Bytes();
        var registry = new Registry();
        var add = start(registry);
        Fill(add);
        var atFirst = Bytes() - before;
        Threads.Run(_threads, _ =>
        {
            for (var i = 0; i < count; i++)
            {
                for (var time = 0; time < times; time++)
                    add(i, time % NativeBucketCount);
            }
        });
        var busy = Bytes() - before;

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Quiet: {atFirst / count:n0} bytes. With {_threads} threads: {busy / count:n0} bytes."));

        // No more than that. Less, if what tests before this one have left is released now.
        Assert.InRange(atFirst, long.MinValue, Empty + (count * quiet));
        Assert.InRange(busy, long.MinValue, Empty + (count * (quiet + ((long)_threads * stripe))));
        GC.KeepAlive(registry);
        GC.KeepAlive(add);

        void Fill(Action<int, int> one)
        {
            for (var i = 0; i < count; i++)
            {
                for (var bucket = 0; bucket < NativeBucketCount; bucket++)
                    one(i, bucket);
            }
        }
    }

    private static Action<int, int> FindSeries(Registry registry, string kind)
    {
        string[] names = ["handler", "method", "status"];
        switch (kind)
        {
            case "counter":
                var counters = SeriesOf(registry.Counter("a", "Help.", names));
                return (i, _) => counters[i].Increment();
            case "gauge":
                var gauges = SeriesOf(registry.Gauge("a", "Help.", names));
                return (i, _) => gauges[i].Increment();
            case "summary":
                var summaries = SeriesOf(registry.Summary("a", "Help.", names));
                return (i, _) => summaries[i].Observe(1L);
            case "histogram, default buckets":
                var histograms = SeriesOf(registry.Histogram("a", "Help.", new HistogramOptions(), names));
                return (i, bucket) => histograms[i].Observe(bucket);
            default:
                var options = new HistogramOptions { Buckets = [], Native = new() };
                var natives = SeriesOf(registry.Histogram("a", "Help.", options, names));
                return (i, bucket) => natives[i].Observe(Math.Pow(2, bucket / 8.0));
        }
    }

    private static TCell[] SeriesOf<TCell>(Family<TCell> family)
        where TCell : Cell =>
        [.. Enumerable.Range(0, SeriesCount).Select(i => family.With($"/items/{i}/{{id}}", "GET", "2xx"))];

    private static Action<int, int> Requests(Registry registry, RouteEndpoint[] endpoints)
    {
        var app = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());
        app.UseInstrumentator(Instrumentation.Default.WithRegistry(registry));
        app.Run(_ => Task.CompletedTask);
        var run = app.Build();
        var contexts = new ThreadLocal<DefaultHttpContext>(
            () => new DefaultHttpContext { Request = { Method = "GET" } });
        return (i, _) =>
        {
            var context = contexts.Value!;
            context.SetEndpoint(endpoints[i]);
            run(context).GetAwaiter().GetResult();
        };
    }

    // Three bytes in UTF-8, the most that a character of a string takes.
    private static RouteEndpoint EndpointOf(int number, int length)
    {
        var template = $"/{number}/".PadRight(length, '€');
        return new(_ => Task.CompletedTask, RoutePatternFactory.Parse(template), 0, null, null);
    }

    private static long Bytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
