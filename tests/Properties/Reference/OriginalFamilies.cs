namespace Instrumentator.Properties.Reference;

/// <summary>The default metrics of prometheus-fastapi-instrumentator: the names, help texts, labels and buckets that
/// its dashboards need.</summary>
internal static class OriginalFamilies
{
    public static IReadOnlyList<FamilyDefinition> All { get; } =
    [
        new(
            "http_requests_total",
            "Total number of requests by method, status and handler.",
            MetricKind.Counter,
            ["handler", "method", "status"],
            []),
        new(
            "http_request_size_bytes",
            "Content length of incoming requests by handler. "
            + "Only value of header is respected. Otherwise ignored. No percentile calculated.",
            MetricKind.Summary,
            ["handler"],
            []),
        new(
            "http_response_size_bytes",
            "Content length of outgoing responses by handler. "
            + "Only value of header is respected. Otherwise ignored. No percentile calculated.",
            MetricKind.Summary,
            ["handler"],
            []),
        new(
            "http_request_duration_highr_seconds",
            "Latency with many buckets but no API specific labels. Made for more accurate percentile calculations.",
            MetricKind.Histogram,
            [],
            [0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60]),
        new(
            "http_request_duration_seconds",
            "Latency with only few buckets by handler. Made to be only used if aggregation by handler is important.",
            MetricKind.Histogram,
            ["handler", "method"],
            [0.1, 0.5, 1]),
    ];
}
