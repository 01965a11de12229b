using Microsoft.AspNetCore.Builder;
using Prometheus;

namespace Instrumentator.Benchmarks.PrometheusNet;

/// <summary>The overhead per request of prometheus-net: its own middleware, the five default metrics written by hand,
/// and our middleware over its registry.</summary>
internal static class PeerRequests
{
    private const int Few = 3;

    public static IEnumerable<Case> All =>
    [
        Request(
            "prometheus-net",
            (app, collectors) => app.UseHttpMetrics(
                options => options.ConfigureMeasurements(one => one.Registry = collectors)),
            "http_requests_in_progress{method=\"GET\",controller=\"\",action=\"\","
            + "endpoint=\"/shop0/items/{id:int}\"} 0",
            "http_requests_received_total{code=\"200\",method=\"GET\",controller=\"\",action=\"\","
            + "endpoint=\"/shop0/items/{id:int}\"} 3",
            "http_request_duration_seconds_count{code=\"200\",method=\"GET\",controller=\"\",action=\"\","
            + "endpoint=\"/shop0/items/{id:int}\"} 3"),
        Request(
            "prometheus-net-by-hand",
            (app, collectors) => app.Use(new ByHand(collectors).InvokeAsync),
            Five("/shop0/items/{id:int}")),
        Request(
            "prometheus-net-over",
            (app, collectors) => app.UseInstrumentator(
                Instrumentation.Default.WithRegistry(Registry.Over(collectors))),
            Five("/shop0/items/{id}")),
    ];

    private static string[] Five(string handler) =>
    [
        $"http_requests_total{{handler=\"{handler}\",method=\"GET\",status=\"2xx\"}} {Few}",
        $"http_request_size_bytes_count{{handler=\"{handler}\"}} {Few}",
        $"http_response_size_bytes_count{{handler=\"{handler}\"}} {Few}",
        $"http_request_duration_highr_seconds_count {Few}",
        $"http_request_duration_seconds_count{{handler=\"{handler}\",method=\"GET\"}} {Few}",
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
        var recorded = Export.Samples(collectors);
        if (samples.Except(recorded).FirstOrDefault() is { } missing)
            throw new InvalidOperationException(
                $"After {Few} requests there is no {missing} in\n{string.Join('\n', recorded)}");
        return requests;
    }
}
