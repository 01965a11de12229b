using System.Threading.Channels;

namespace Instrumentator.Tests;

/// <summary>Metric functions that are called with the <see cref="Info"/> of a request on other threads than its own:
/// from an asynchronous function after an <c>await</c>, and by the consumers of a queue, while requests go
/// on.</summary>
public sealed class ForeignThreadTests
{
    private const int Requests = 2_000;
    private const int Clients = 4;
    private const int Consumers = 4;

    // How often one asynchronous function and one consumer call all functions for a request. Within a second, each
    // thread then adds often enough to have numbers of its own.
    private const int Repeats = 5;
    private const int Calls = Requests * (1 + Repeats + Repeats);

    private static readonly ValueList<Label> _exemplar = [("id", "7")];
    private static readonly HistogramOptions _native = new() { Buckets = [], Native = new() };
    private static readonly HistogramOptions _both = new() { Buckets = [1, 4], Native = new() };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_metric_of_any_kind_loses_a_call(bool exemplars)
    {
        var own = new Registry();
        var (all, late) = (BuiltIn(own).Then(Own(own, exemplars)), 0);
        var queue = Channel.CreateUnbounded<Info>();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapPost("/orders", (HttpContext context) =>
                {
                    context.Response.ContentLength = 5;
                    return context.Response.WriteAsync("taken");
                });
            },
            it => it
                .With(config => exemplars ? config with { Exemplars = Exemplars } : config)
                .AndAlso(all)
                .AndAlso(Metrics.From(info => Assert.True(queue.Writer.TryWrite(info)), "queue"))
                .AddAsync(async info =>
                {
                    await Task.Yield();
                    Call(all, info);
                    Interlocked.Increment(ref late);
                }));

        var consumed = Task.WhenAll(Enumerable.Range(0, Consumers).Select(_ => Task.Run(ConsumeAsync)));
        var scraped = Task.Run(ScrapeAsync, TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => SendAsync(app))));
        queue.Writer.Complete();
        await consumed;
        await scraped;
        await Eventually.Holds(() => Volatile.Read(ref late) == Requests, () => $"{late} calls after await");

        Assert.Equal(Expected(own), Totals(own));
        Assert.Equal(
            [$"{{handler=\"/orders\",method=\"POST\",status=\"2xx\"}} {Requests}"], app.Series("http_requests_total"));

        async Task ConsumeAsync()
        {
            await foreach (var info in queue.Reader.ReadAllAsync())
                Call(all, info);
        }

        // Totals never go down.
        async Task ScrapeAsync()
        {
            for (var before = 0.0; !consumed.IsCompleted;)
            {
                var now = ValueOf(own, "own_counter_total");
                Assert.InRange(now, before, Calls);
                before = now;
                await Task.Delay(5);
            }
        }
    }

    private static ExemplarOptions Exemplars => new() { Labels = _ => _exemplar, Interval = TimeSpan.Zero };

    private static void Call(Func<Info, Unit> all, Info info)
    {
        for (var i = 0; i < Repeats; i++)
            all(info);
    }

    private static async Task SendAsync(TestApp app)
    {
        for (var i = 0; i < Requests / Clients; i++)
        {
            using var content = new StringContent("1234567");
            using var response = await app.Client.PostAsync(new Uri("/orders", UriKind.Relative), content);
            response.EnsureSuccessStatusCode();
        }
    }

    // Each built-in metric, with each kind of buckets, of labels and of compositions.
    private static Func<Info, Unit> BuiltIn(Registry registry) => Metrics.Default(new() { Registry = registry })
        .Then(Metrics.Default(new() { Registry = registry, Namespace = "native", Native = new() }))
        .Then(Metrics.Requests(new() { Registry = registry, Namespace = "plain", RequestLabels = [] }))
        .Then(Metrics.Requests(new() { Registry = registry, Namespace = "labelled", CustomLabels = [("app", "x")] }))
        .Then(Metrics.Requests(new() { Registry = registry, Namespace = "some" }).When(info => info.Method == "POST"))
        .Then(Metrics.Latency(new() { Registry = registry, Namespace = "classic" }))
        .Then(Metrics.Latency(new() { Registry = registry, Namespace = "only", Native = new(), Buckets = [] }))
        .Then(Metrics.Latency(new() { Registry = registry, Namespace = "first", ExcludeStreamingDuration = true }))
        .Then(Metrics.RequestSize(new() { Registry = registry, Namespace = "single" }))
        .Then(Metrics.ResponseSize(new() { Registry = registry, Namespace = "single" }))
        .Then(Metrics.CombinedSize(new() { Registry = registry }));

    // Each kind of metric of an app's own, with and without labels.
    private static Func<Info, Unit> Own(Registry registry, bool exemplars)
    {
        var labels = exemplars ? _exemplar : [];
        var counter = registry.Counter("own_counter_total", "Help.");
        var counters = registry.Counter("own_counters_total", "Help.", "method");
        var gauge = registry.Gauge("own_gauge", "Help.");
        var gauges = registry.Gauge("own_gauges", "Help.", "method");
        var summary = registry.Summary("own_summary", "Help.");
        var summaries = registry.Summary("own_summaries", "Help.", "method");
        var classic = registry.Histogram("own_classic", "Help.", [1, 4]);
        var native = registry.Histogram("own_native", "Help.", _native);
        var both = registry.Histogram("own_both", "Help.", _both, "method");
        return Metrics.From(info =>
        {
            counter.Increment(1, labels);
            counters.With(info.Method).Increment(2);
            gauge.Increment();
            gauges.With(info.Method).Add(-2);
            summary.Observe(3L);
            summaries.With(info.Method).Observe(0.5);
            classic.Observe(2, labels);
            native.Observe(2, labels);
            both.With(info.Method).Observe(2, labels);
        });
    }

    // What a plain count gives. Durations have no known sum.
    private static Dictionary<string, (double Count, double? Sum)> Expected(Registry registry) =>
        Totals(registry).Keys.ToDictionary(name => name, name => name switch
        {
            "own_counters_total" => (2.0 * Calls, (double?)null),
            "own_gauges" => (-2.0 * Calls, null),
            "own_summary" => (Calls, 3.0 * Calls),
            "own_summaries" => (Calls, 0.5 * Calls),
            "own_classic" or "own_native" or "own_both" => (Calls, 2.0 * Calls),
            _ when name.EndsWith("http_request_size_bytes", StringComparison.Ordinal) => (Calls, 7.0 * Calls),
            _ when name.EndsWith("http_response_size_bytes", StringComparison.Ordinal) => (Calls, 5.0 * Calls),
            "http_combined_size_bytes" => (Calls, 12.0 * Calls),
            _ => (Calls, null),
        });

    private static Dictionary<string, (double Count, double? Sum)> Totals(Registry registry) =>
        registry.Scrape().Families.ToDictionary(family => family.Definition.Name, family => Total(family));

    private static double ValueOf(Registry registry, string name) =>
        Total(registry.Scrape().Families.Single(family => family.Definition.Name == name)).Count;

    private static (double Count, double? Sum) Total(FamilySnapshot family) =>
        Assert.Single(family.Samples).Value.Match<(double, double?)>(
            counter => (counter.Value, null),
            gauge => (gauge.Value, null),
            histogram => (CountOf(histogram), HasKnownSum(family) ? histogram.Sum : null),
            summary => (summary.Count, summary.Sum));

    private static bool HasKnownSum(FamilySnapshot family) =>
        family.Definition.Name.StartsWith("own_", StringComparison.Ordinal);

    // Classic buckets add up to the count by construction, and native ones must.
    private static long CountOf(SampleValue.Histogram histogram)
    {
        if (histogram.Native is { } native)
            Assert.Equal(histogram.Count, native.ZeroCount + native.Positive.Sum(bucket => bucket.Count));
        return histogram.Count;
    }
}
