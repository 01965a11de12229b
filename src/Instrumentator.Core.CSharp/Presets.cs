namespace Instrumentator;

/// <summary>Instrumentations with the metric names of other libraries, so that dashboards and alerts work
/// unchanged.</summary>
public static partial class Presets
{
    // 1 ms, doubled up to 32.768 s.
    private static readonly ValueList<double> _buckets =
        ValueList.From(Enumerable.Range(0, 16).Select(power => (double)(0.001m * (1 << power))));

    /// <summary>Returns the metrics of prometheus-net's <c>UseHttpMetrics</c>, with its names, labels and
    /// buckets.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item><c>http_requests_received_total{code,method,controller,action,endpoint}</c>, a counter.</item>
    /// <item><c>http_request_duration_seconds{code,method,controller,action,endpoint}</c>, a histogram in seconds, from
    /// 1 ms to 32.768 s.</item>
    /// <item><c>http_requests_in_progress{method,controller,action,endpoint}</c>, a gauge.</item>
    /// </list>
    /// Requests for <c>/metrics</c> are not measured, as in prometheus-net. For the intended differences, and what the
    /// rest of an app has to change, see docs/coming-from-prometheus-net.md.
    /// </remarks>
    /// <param name="registry">The registry of the three metrics; null for <see cref="Registry.Default"/>.</param>
    /// <param name="page">Whether there is a label <c>page</c> before <c>endpoint</c>, as prometheus-net has in apps
    /// with Razor Pages.</param>
    /// <param name="extra">Labels after all others, on all three metrics, like those of prometheus-net's
    /// <c>AddCustomLabel</c>; null for none.</param>
    /// <exception cref="InvalidConfigException">A label is invalid.</exception>
    /// <example><code>builder.Services.AddInstrumentator(Presets.PrometheusNet());</code></example>
    public static Instrumentation PrometheusNet(
        Registry? registry = null, bool page = false, ValueList<RequestLabel>? extra = null)
    {
        ValueList<RequestLabel> early =
        [
            RequestLabel.Method,
            RequestLabel.RouteValue("controller"),
            RequestLabel.RouteValue("action"),
            .. page ? [RequestLabel.RouteValue("page")] : ValueList.From<RequestLabel>([]),
            RequestLabel.Handler.As("endpoint"),
            .. extra ?? [],
        ];
        ValueList<RequestLabel> all = [RequestLabel.Status.As("code"), .. early];
        var inProgress = new InProgressOptions { Name = "http_requests_in_progress", RequestLabels = early };
        return Instrumentation.Default.WithRegistry(registry ?? Registry.Default)
            .With(_ => Rules(inProgress) with { ExcludedHandlers = ["(?i)^/?metrics$"] })
            .Add(Metrics.Requests(new()
            {
                Name = "http_requests_received_total",
                Help = "HTTP requests that were answered.",
                RequestLabels = all
            }))
            .Add(Metrics.Latency(new()
            {
                Help = "Duration of HTTP requests, in seconds.",
                RequestLabels = all,
                Buckets = _buckets
            }));
    }

    // What both libraries have in common: the status code and the template as they are, and no route when none matched.
    private static Config Rules(InProgressOptions inProgress) => Config.Default with
    {
        GroupStatusCodes = false,
        HandlerTemplate = HandlerTemplate.Raw,
        Untemplated = Untemplated.Group(""),
        LabelRejected = false,
        InProgress = inProgress,
    };
}
