using System.Diagnostics.Metrics;

namespace Instrumentator.Benchmarks;

/// <summary>The five default metrics with a meter that OpenTelemetry observes.</summary>
internal sealed class OpenTelemetryByHand : ByHand
{
    private readonly Counter<long> _requests;
    private readonly Histogram<long> _requestSizes;
    private readonly Histogram<long> _responseSizes;
    private readonly Histogram<double> _highResolution;
    private readonly Histogram<double> _lowResolution;

    public OpenTelemetryByHand(Meter meter)
    {
        _requests = meter.CreateCounter<long>("http_requests_total", description: "Requests.");
        _requestSizes = Histogram<long>(meter, "http_request_size_bytes", "Sizes of requests.", []);
        _responseSizes = Histogram<long>(meter, "http_response_size_bytes", "Sizes of responses.", []);
        _highResolution = Histogram(meter, "http_request_duration_highr_seconds", "Durations.", Buckets.HighResolution);
        _lowResolution = Histogram(meter, "http_request_duration_seconds", "Durations.", Buckets.LowResolution);
    }

    /// <summary>Creates a histogram. Without bounds, its samples are those of a summary without quantiles.</summary>
    public static Histogram<T> Histogram<T>(Meter meter, string name, string description, IEnumerable<T> bounds)
        where T : struct =>
        meter.CreateHistogram(
            name,
            description: description,
            advice: new InstrumentAdvice<T> { HistogramBucketBoundaries = [.. bounds] });

    protected override void Record(
        string handler, string method, string status, long requestSize, long responseSize, double seconds)
    {
        _requests.Add(1, new("handler", handler), new("method", method), new("status", status));
        _requestSizes.Record(requestSize, new KeyValuePair<string, object?>("handler", handler));
        _responseSizes.Record(responseSize, new KeyValuePair<string, object?>("handler", handler));
        _highResolution.Record(seconds);
        _lowResolution.Record(seconds, new("handler", handler), new("method", method));
    }
}
