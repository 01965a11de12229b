namespace Instrumentator;

/// <summary>The options of long-lived requests, which stay open as long as their clients want: WebSockets, server-sent
/// events, SignalR, long polling, streaming gRPC calls.</summary>
/// <remarks>
/// <para>Their durations say nothing about the speed of an app, so latency histograms do not observe them. They are
/// counted like any other request, and have a gauge and a histogram of their own, both with the label <c>handler</c>,
/// which appear in the scrape with the first such request.</para>
/// <para>A request is long-lived if its response is an upgraded connection or an accepted CONNECT, if its response has
/// one of the <see cref="ContentTypes"/>, or if its endpoint is marked as long-lived: that of a streaming gRPC method
/// is, and any other can be, by <c>AsLongLived()</c>. A client cannot make a request long-lived by the headers that it
/// sends.</para>
/// <para>Hubs of SignalR, and other connection handlers, have one endpoint for all transports, and the method tells: a
/// GET, or a CONNECT over HTTP/2, is a WebSocket, a stream of events or a poll, and long-lived unless it is refused.
/// Negotiations, and the POSTs and DELETEs that send and close, are ordinary requests.</para>
/// <para>A content type alone makes no stream. The response must start before the request ends, and it must be one that
/// can have a body: HEAD, 204, 304, and errors before the first byte are ordinary requests, and so are gRPC responses
/// that have nothing but a status.</para>
/// <para>A unary gRPC call is an ordinary request, whatever its outcome. Services of <c>Grpc.AspNetCore</c> tell which
/// methods are unary; for others, such as a proxy's, the content type decides.</para>
/// </remarks>
/// <example><code>
/// Instrumentation.Default.With(config => config with
/// {
///     LongLived = new() { ContentTypes = ["text/event-stream", "application/x-ndjson"] }
/// })
/// </code></example>
public sealed record LongLivedOptions
{
    /// <summary>The full name of the gauge of open long-lived requests.</summary>
    /// <value>The default is <c>http_long_lived_requests_inprogress</c>.</value>
    public string GaugeName { get; init; } = "http_long_lived_requests_inprogress";

    /// <summary>The full name of the histogram of their durations, in seconds.</summary>
    /// <value>The default is <c>http_long_lived_request_duration_seconds</c>.</value>
    public string DurationName { get; init; } = "http_long_lived_request_duration_seconds";

    /// <summary>The upper bounds of the buckets in seconds, finite and increasing; <c>+Inf</c> is implicit.</summary>
    /// <value>The default is from 100 ms to one day.</value>
    public ValueList<double> DurationBuckets { get; init; } = [0.1, 1, 10, 60, 600, 3_600, 21_600, 86_400];

    /// <summary>The content types of responses that are streams of messages. Each matches all content types that start
    /// with it, ignoring case.</summary>
    /// <remarks>They do not apply to endpoints whose metadata tells whether requests are long-lived, such as those of
    /// gRPC methods.</remarks>
    /// <value>The default is <c>text/event-stream</c> and <c>application/grpc</c>.</value>
    public ValueList<string> ContentTypes { get; init; } = ["text/event-stream", "application/grpc"];

    /// <summary>Labels with constant values.</summary>
    /// <value>The default is none.</value>
    public ValueList<Label> CustomLabels { get; init; } = [];
}
