namespace Instrumentator;

public static partial class Metrics
{
    /// <summary>Sums the sizes of request bodies: by default, their <c>Content-Length</c>; with
    /// <see cref="BodySizes.Actual"/>, the bytes that the app read, as the help text then says.</summary>
    /// <remarks>A summary, <c>http_request_size_bytes</c>, in bytes, with the labels <c>handler</c>, <c>method</c> and
    /// <c>status</c>.</remarks>
    /// <param name="options">Name, labels, registry; null for the defaults.</param>
    /// <exception cref="InvalidConfigException">An option is invalid.</exception>
    /// <example><code>Metrics.RequestSize(new() { Method = false })</code></example>
    public static Func<Info, Unit> RequestSize(MetricOptions? options = null) => Size(
        "http_request_size_bytes", "Content bytes of requests.", "Bytes read from request bodies.",
        Measured.RequestBytes, options ?? new MetricOptions());
}
