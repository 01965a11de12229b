using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Instrumentator.Benchmarks;

/// <summary>Measures the overhead per request of OpenTelemetry: ASP.NET Core's own metrics, and the five default
/// metrics written by hand.</summary>
internal static class OpenTelemetryRequests
{
    private const int Few = 3;

    public static IEnumerable<Case> All =>
    [
        HostedApp.Request("opentelemetry", Hosted),
        Case.Gain(
            "opentelemetry-by-hand",
            RequestLimits.Least,
            WrittenByHand,
            () => Traffic.Usual.To(App.Bare(Traffic.Usual.Handler))),
    ];

    private static HostedApp Hosted()
    {
        var app = HostedApp.Start(services => services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Microsoft.AspNetCore.Hosting")
            .AddPrometheusExporter(OpenTelemetryText.Configure)));
        Check(
            app.Requests,
            app.Services.GetRequiredService<MeterProvider>(),
            "http_server_active_requests{http_request_method=\"GET\",url_scheme=\"http\"} 0",
            "http_server_request_duration_count{http_request_method=\"GET\",http_response_status_code=\"200\","
            + "http_route=\"/shop0/items/{id:int}\",network_protocol_version=\"1.1\",url_scheme=\"http\"} "
            + $"{Few}");
        return app;
    }

    private static Side WrittenByHand()
    {
        var meter = new Meter("by-hand");
        var provider = OpenTelemetryText.Observe(meter.Name);
        var requests = Traffic.Usual.To(
            App.Build(Traffic.Usual.Handler, app => app.Use(new OpenTelemetryByHand(meter).InvokeAsync)));
        Check(requests, provider, ByHand.Samples(Few));
        return requests;
    }

    // Sends a few requests first, and checks that exactly these were recorded.
    private static void Check(Side requests, MeterProvider provider, params string[] samples)
    {
        requests.ForThread()(Few);
        SampleLines.Require(new OpenTelemetryText(provider).Samples(), samples);
    }
}
