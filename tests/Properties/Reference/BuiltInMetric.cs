namespace Instrumentator.Properties.Reference;

/// <summary>A built-in metric with options, and its expected effect: its family, and the label values and the amount of
/// each request.</summary>
internal sealed record BuiltInMetric(
    Func<Registry, Func<Info, Unit>> Create,
    FamilyDefinition Definition,
    Func<Info, ValueList<string?>> Values,
    Func<Info, double> Amount)
{
    private static readonly ValueList<RequestLabel> _ownLabels =
    [
        RequestLabel.Status.As("code"),
        RequestLabel.RouteValue("controller"),
        RequestLabel.Handler.As("endpoint"),
        RequestLabel.Method.As("verb"),
    ];

    /// <summary>Gets one metric for each function of an <see cref="Expression"/>.</summary>
    public static IReadOnlyList<BuiltInMetric> All { get; } =
    [
        new(
            registry => Metrics.Requests(new() { Registry = registry, Help = "" }),
            new("http_requests_total", "", MetricKind.Counter, ["handler", "method", "status"], []),
            info => [info.Handler, info.Method, info.Status],
            _ => 1),
        new(
            registry => Metrics.Latency(new()
            {
                Registry = registry,
                Help = "\\\"\n",
                Buckets = [0.5, 1],
                Status = false,
            }),
            new("http_request_duration_seconds", "\\\"\n", MetricKind.Histogram, ["handler", "method"], [0.5, 1]),
            info => [info.Handler, info.Method],
            info => info.Duration),
        new(
            registry => Metrics.Latency(new()
            {
                Registry = registry,
                Help = "a",
                Name = "first_byte",
                Buckets = [4, 1e6],
                RequestLabels = [],
                ExcludeStreamingDuration = true,
            }),
            new("first_byte", "a", MetricKind.Histogram, [], [4, 1e6]),
            _ => [],
            info => info.DurationWithoutStreaming),
        new(
            registry => Metrics.RequestSize(new()
            {
                Registry = registry,
                Help = "b",
                Handler = false,
                CustomLabels = [("app", "\"\n")],
            }),
            new("http_request_size_bytes", "b", MetricKind.Summary, ["method", "status", "app"], []),
            info => [info.Method, info.Status, "\"\n"],
            info => info.RequestSize),
        new(
            registry => Metrics.ResponseSize(new() { Registry = registry, Help = "c", RequestLabels = _ownLabels }),
            new("http_response_size_bytes", "c", MetricKind.Summary, ["code", "controller", "endpoint", "verb"], []),
            info => [info.Status, info.RouteValue("controller"), info.Handler, info.Method],
            info => info.ResponseSize),
        new(
            registry => Metrics.CombinedSize(new()
            {
                Registry = registry,
                Help = "d",
                Namespace = "shop",
                Handler = false,
                Method = false,
                Status = false,
            }),
            new("shop_http_combined_size_bytes", "d", MetricKind.Summary, [], []),
            _ => [],
            info => info.CombinedSize),
    ];

    /// <summary>Returns the write of the metric for one request.</summary>
    public Operation Write(Info info) => new Operation.Write(
        Definition.Name,
        Values(info),
        Amount(info),
        Otherwise: Definition.Kind == MetricKind.Counter);
}
