using Prometheus;

namespace Instrumentator.Benchmarks;

/// <summary>The five default metrics with prometheus-net.</summary>
internal sealed class PrometheusNetByHand : ByHand
{
    private readonly Prometheus.Counter _requests;
    private readonly Prometheus.Summary _requestSizes;
    private readonly Prometheus.Summary _responseSizes;
    private readonly Prometheus.Histogram _highResolution;
    private readonly Prometheus.Histogram _lowResolution;

    public PrometheusNetByHand(CollectorRegistry collectors)
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

    /// <summary>Returns the configuration of a histogram with these bounds.</summary>
    public static HistogramConfiguration With(ValueList<double> bounds) => new() { Buckets = [.. bounds] };

    protected override void Record(
        string handler, string method, string status, long requestSize, long responseSize, double seconds)
    {
        _requests.WithLabels(handler, method, status).Inc();
        _requestSizes.WithLabels(handler).Observe(requestSize);
        _responseSizes.WithLabels(handler).Observe(responseSize);
        _highResolution.Observe(seconds);
        _lowResolution.WithLabels(handler, method).Observe(seconds);
    }
}
