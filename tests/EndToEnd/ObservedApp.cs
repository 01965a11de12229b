using System.Collections.Concurrent;
using System.Diagnostics;
using Instrumentator.EndToEnd;
using Instrumentator.Shared;
using Microsoft.AspNetCore.Builder;

[assembly: AssemblyFixture(typeof(ObservedApp))]

namespace Instrumentator.EndToEnd;

/// <summary>An app with native histograms, exemplars and all other kinds, after known observations and requests; and
/// Prometheus with the features that want them.</summary>
public sealed class ObservedApp : IAsyncLifetime
{
    /// <summary>The trace ID of the request with a <c>traceparent</c> header that marks it as sampled.</summary>
    public const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    public const int Requests = 20;

    private readonly Registry _registry = new();
    private readonly ConcurrentQueue<string> _accepted = new();
    private WebApplication? _app;
    private PrometheusServer? _native;
    private PrometheusServer? _classic;

    /// <summary>Gets the current state of the app's registry.</summary>
    internal Snapshot Snapshot => _registry.Scrape();

    /// <summary>Gets the trace ID of the request that an activity listener sampled.</summary>
    internal string ListenedTraceId { get; private set; } = "";

    /// <summary>Gets the <c>Accept</c> headers of all scrapes.</summary>
    internal IReadOnlyCollection<string> Accepted => _accepted;

    public async ValueTask InitializeAsync()
    {
        foreach (var observations in Observations.All)
            observations.ObserveIn(_registry);
        AddOtherKinds(_registry);
        _app = await LocalServer.StartAsync(Build);
        using var client = new HttpClient { BaseAddress = _app.Address() };
        await SendAsync(client);
        await Poll.UntilAsync(
            () => Task.FromResult(Snapshot.Find("http_requests_total", "/listened", "GET", "2xx")),
            found => found is not null,
            TimeSpan.FromSeconds(20));
    }

    /// <summary>Prometheus, which asks for protobuf; skips the test where there is none.</summary>
    internal async Task<PrometheusServer> NativePrometheusAsync() =>
        _native ??= await StartAsync("native-histograms", "exemplar-storage");

    /// <summary>Returns a Prometheus server that prefers OpenMetrics and stores exemplars.</summary>
    internal async Task<PrometheusServer> ClassicPrometheusAsync() => _classic ??= await StartAsync("exemplar-storage");

    public async ValueTask DisposeAsync()
    {
        foreach (var prometheus in new[] { _native, _classic }.OfType<PrometheusServer>())
            await prometheus.DisposeAsync();
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private async Task<PrometheusServer> StartAsync(params string[] features)
    {
        var prometheus = await PrometheusServer.StartAsync(features, ("app", _app!.Address()));
        await prometheus.WaitForAsync("sum(up)", 1);
        await prometheus.WaitForAsync("sum(http_requests_total)", Requests + 2);
        return prometheus;
    }

    private WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var app = builder.Build();
        app.UseInstrumentator(
            Instrumentation
                .Default.WithRegistry(_registry)
                .With(config => config with { Exemplars = new() })
                .Add(Metrics.Requests(new() { Registry = _registry }))
                .Add(Metrics.Latency(new() { Registry = _registry, Name = "classic_seconds" }))
                .Add(
                    Metrics.Latency(
                        new()
                        {
                            Registry = _registry,
                            Name = "both_seconds",
                            Native = new(),
                        }))
                .Add(
                    Metrics.Latency(
                        new()
                        {
                            Registry = _registry,
                            Name = "native_seconds",
                            Native = new(),
                            Buckets = [],
                        })));
        app.Use(next =>
            context =>
            {
                if (context.Request.Path == "/metrics")
                    _accepted.Enqueue($"{context.Request.Headers.Accept}");
                return next(context);
            });
        app.MapInstrumentator();
        app.MapGet("/items/{id}", (int id) => id);
        app.MapGet("/sampled", () => $"{Activity.Current?.TraceId}");
        app.MapGet("/listened", () => $"{Activity.Current?.TraceId}");
        return app;
    }

    private async Task SendAsync(HttpClient client)
    {
        for (var i = 0; i < Requests; i++)
            await client.GetStringAsync($"/items/{i}");
        using var sampled = new HttpRequestMessage(HttpMethod.Get, "/sampled")
        {
            Headers = { { "traceparent", $"00-{TraceId}-b7ad6b7169203331-01" } },
        };
        using var answer = await client.SendAsync(sampled);
        Assert.Equal(TraceId, await answer.Content.ReadAsStringAsync());

        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        ListenedTraceId = await client.GetStringAsync("/listened");
    }

    private static void AddOtherKinds(Registry registry)
    {
        var orders = registry.Counter("orders_total", "Orders.", "country");
        orders.With("DE").Increment(3);
        orders.With("a \"quoted\"\\\nname \u2028 😀").Increment(0.1 + 0.2);
        var gauge = registry.Gauge("depth_meters", "Depth.", "place");
        foreach (
            var (i, value) in new[]
            {
                -0.0,
                1e-320,
                double.MaxValue,
                -1 / 3.0,
                double.PositiveInfinity,
                double.NegativeInfinity,
                double.NaN,
                (1L << 53) + 2,
            }.Index())
        {
            gauge.With($"{i}").Set(value);
        }

        var summary = registry.Summary("parcels_grams", "Parcels.");
        var histogram = registry.Histogram("delays_seconds", "Delays.", [-1, 0.1, 1, 2.5, 1e6]);
        foreach (var value in new[] { 0.05, 0.5, 2, 300, 1e7 })
        {
            summary.Observe(value);
            histogram.Observe(value);
        }
    }
}
