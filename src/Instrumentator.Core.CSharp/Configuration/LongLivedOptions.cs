namespace Instrumentator;

/// <summary>Requests that stay open as long as their client likes: WebSockets, server-sent events, SignalR, long polling, gRPC.</summary>
/// <remarks>
/// <para>How long they take tells nothing of how fast an app is, so no histogram of latencies observes them. They are counted as any other request, and have a gauge and a histogram of their own, both with the
/// label <c>handler</c>, which come into the scrape with the first such request.</para>
/// <para>A request is one of them when its response is an upgraded connection or an accepted CONNECT, when its response has one of the <see cref="ContentTypes"/>, or when its endpoint says so: that of a SignalR
/// hub does, and any other one by <c>AsLongLived()</c>. What a client sends cannot make it one.</para>
/// </remarks>
/// <example><code>Instrumentation.Default.With(config => config with { LongLived = new() { ContentTypes = ["text/event-stream", "application/x-ndjson"] } })</code></example>
public sealed record LongLivedOptions
{
    /// <summary>The whole name of the gauge of those that are open.</summary>
    /// <value>The default is <c>http_long_lived_requests_inprogress</c>.</value>
    public string GaugeName { get; init; } = "http_long_lived_requests_inprogress";

    /// <summary>The whole name of the histogram of how long they were open, in seconds.</summary>
    /// <value>The default is <c>http_long_lived_request_duration_seconds</c>.</value>
    public string DurationName { get; init; } = "http_long_lived_request_duration_seconds";

    /// <summary>Upper bounds of the histogram's buckets in seconds, finite and rising; <c>+Inf</c> is always there.</summary>
    /// <value>The default goes from 100 ms to one day.</value>
    public ValueList<double> DurationBuckets { get; init; } = [0.1, 1, 10, 60, 600, 3_600, 21_600, 86_400];

    /// <summary>The content types of responses that are streams of messages: each stands for all that begin with it, in any case.</summary>
    /// <value>The default is <c>text/event-stream</c> and <c>application/grpc</c>.</value>
    public ValueList<string> ContentTypes { get; init; } = ["text/event-stream", "application/grpc"];

    /// <summary>Labels with values that never change.</summary>
    /// <value>The default is none.</value>
    public ValueList<Label> CustomLabels { get; init; } = [];
}
