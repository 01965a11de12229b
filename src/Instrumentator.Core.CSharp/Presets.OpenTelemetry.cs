namespace Instrumentator;

public static partial class Presets
{
    /// <summary>Returns the metrics of ASP.NET Core's meter <c>Microsoft.AspNetCore.Hosting</c>, with the names, labels
    /// and buckets that OpenTelemetry's Prometheus exporter gives them.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item><c>http_server_request_duration_seconds</c>, a histogram in seconds, from 5 ms to 10 s, with the labels
    /// <c>http_request_method</c>, <c>http_response_status_code</c>, <c>http_route</c>, <c>url_scheme</c>,
    /// <c>network_protocol_version</c>, <c>error_type</c> and <c>aspnetcore_request_is_unhandled</c>.</item>
    /// <item><c>http_server_active_requests{http_request_method,url_scheme}</c>, a gauge.</item>
    /// </list>
    /// <para>A label that OpenTelemetry leaves out, such as <c>http_route</c> of a request that matches no route, is
    /// empty here: for Prometheus, that is the same. Long-lived requests are in the histogram, as in ASP.NET Core's
    /// own: see <see cref="Config.LongLived"/>.</para>
    /// <para>The names are those of the semantic conventions,
    /// https://opentelemetry.io/docs/specs/semconv/http/http-metrics/. For the intended differences, see
    /// docs/coming-from-opentelemetry.md.</para>
    /// </remarks>
    /// <param name="registry">The registry of the two metrics; null for <see cref="Registry.Default"/>.</param>
    /// <param name="extra">Labels of the histogram after all others, in place of the tags that an app adds with
    /// <c>IHttpMetricsTagsFeature</c>; null for none.</param>
    /// <exception cref="InvalidConfigException">A label is invalid.</exception>
    /// <example><code>builder.Services.AddInstrumentator(Presets.OpenTelemetry());</code></example>
    public static Instrumentation OpenTelemetry(Registry? registry = null, ValueList<RequestLabel>? extra = null)
    {
        var (method, scheme) =
            (RequestLabel.Method.As("http_request_method"), RequestLabel.Scheme.As("url_scheme"));
        var active = new InProgressOptions
        {
            Name = "http_server_active_requests",
            Help = "Number of active HTTP server requests.",
            RequestLabels = [method, scheme],
        };
        return Instrumentation.Default.WithRegistry(registry ?? Registry.Default)
            .With(_ => Rules(active) with { LongLived = null })
            // Its default buckets are those that ASP.NET Core advises.
            .Add(Metrics.Latency(new()
            {
                Name = "http_server_request_duration_seconds",
                Help = "Duration of HTTP server requests.",
                RequestLabels =
                [
                    method,
                    RequestLabel.Status.As("http_response_status_code"),
                    RequestLabel.Handler.As("http_route"),
                    scheme,
                    RequestLabel.ProtocolVersion.As("network_protocol_version"),
                    RequestLabel.ErrorType,
                    RequestLabel.Unhandled.As("aspnetcore_request_is_unhandled"),
                    .. extra ?? [],
                ],
            }));
    }
}
