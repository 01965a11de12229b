using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Prometheus;

namespace Instrumentator.Benchmarks.PrometheusNet;

/// <summary>The five default metrics, written by hand with prometheus-net as a careful user writes them.</summary>
internal sealed class ByHand
{
    private static readonly string[] _statuses = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly Prometheus.Counter _requests;
    private readonly Prometheus.Summary _requestSizes;
    private readonly Prometheus.Summary _responseSizes;
    private readonly Prometheus.Histogram _highResolution;
    private readonly Prometheus.Histogram _lowResolution;

    public ByHand(CollectorRegistry collectors)
    {
        var metrics = Prometheus.Metrics.WithCustomRegistry(collectors);
        _requests = metrics.CreateCounter("http_requests_total", "Requests.", "handler", "method", "status");
        _requestSizes = metrics.CreateSummary("http_request_size_bytes", "Sizes of requests.", "handler");
        _responseSizes = metrics.CreateSummary("http_response_size_bytes", "Sizes of responses.", "handler");
        _highResolution = metrics.CreateHistogram(
            "http_request_duration_highr_seconds", "Durations.", With(Buckets.HighResolution));
        _lowResolution = metrics.CreateHistogram(
            "http_request_duration_seconds", "Durations.", ["handler", "method"], With(Buckets.LowResolution));
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Record(context, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    private static HistogramConfiguration With(ValueList<double> bounds) => new() { Buckets = [.. bounds] };

    private void Record(HttpContext context, double seconds)
    {
        var handler = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        var method = context.Request.Method;
        _requests.WithLabels(handler, method, StatusOf(context.Response.StatusCode)).Inc();
        _requestSizes.WithLabels(handler).Observe(context.Request.ContentLength ?? 0);
        _responseSizes.WithLabels(handler).Observe(context.Response.ContentLength ?? 0);
        _highResolution.Observe(seconds);
        _lowResolution.WithLabels(handler, method).Observe(seconds);
    }

    private static string StatusOf(int status) => _statuses[status is >= 100 and <= 599 ? status / 100 : 0];
}
