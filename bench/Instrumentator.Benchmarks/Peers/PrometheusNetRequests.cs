using Microsoft.AspNetCore.Builder;
using Prometheus;

namespace Instrumentator.Benchmarks;

/// <summary>Measures the overhead per request of prometheus-net: its own middleware, the five default metrics written
/// by hand, and our middleware over its registry.</summary>
internal static class PrometheusNetRequests
{
    private const int Few = 3;

    private const string Labels = "method=\"GET\",controller=\"\",action=\"\",endpoint=\"/shop0/items/{id:int}\"";

    public static IEnumerable<Case> All =>
    [
        Request(
            "prometheus-net",
            (app, collectors) => app.UseHttpMetrics(
                options => options.ConfigureMeasurements(one => one.Registry = collectors)),
            $"http_requests_in_progress{{{Labels}}} 0",
            $"http_requests_received_total{{code=\"200\",{Labels}}} {Few}",
            $"http_request_duration_seconds_count{{code=\"200\",{Labels}}} {Few}"),
        Request(
            "prometheus-net-by-hand",
            (app, collectors) => app.Use(new PrometheusNetByHand(collectors).InvokeAsync),
            ByHand.Samples(Few)),
        Request(
            "prometheus-net-over",
            (app, collectors) => app.UseInstrumentator(
                Instrumentation.Default.WithRegistry(Registry.Over(collectors))),
            [.. ByHand.Samples(Few).Select(line => line.Replace("{id:int}", "{id}"))]),
    ];

    private static Case Request(
        string name, Action<IApplicationBuilder, CollectorRegistry> use, params string[] samples) =>
        Case.Gain(
            name,
            RequestLimits.Least,
            () => Measured(use, samples),
            () => Traffic.Usual.To(App.Bare(Traffic.Usual.Handler)));

    // Sends a few requests first, and checks that the app has recorded exactly these.
    private static Side Measured(Action<IApplicationBuilder, CollectorRegistry> use, string[] samples)
    {
        var collectors = Prometheus.Metrics.NewCustomRegistry();
        var requests = Traffic.Usual.To(App.Build(Traffic.Usual.Handler, app => use(app, collectors)));
        requests.ForThread()(Few);
        SampleLines.Require(PrometheusNetText.Samples(collectors), samples);
        return requests;
    }
}
