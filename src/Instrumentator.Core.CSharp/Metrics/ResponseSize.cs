namespace Instrumentator;

public static partial class Metrics
{
    /// <summary>Sums the sizes of response bodies: by default, their <c>Content-Length</c>; with
    /// <see cref="BodySizes.Actual"/>, the bytes that were sent, as the help text then says.</summary>
    /// <remarks>A summary, <c>http_response_size_bytes</c>, in bytes, with the labels <c>handler</c>, <c>method</c> and
    /// <c>status</c>.</remarks>
    /// <param name="options">Name, labels, registry; null for the defaults.</param>
    /// <exception cref="InvalidConfigException">An option is invalid.</exception>
    /// <example><code>Metrics.ResponseSize(new() { Method = false })</code></example>
    public static Func<Info, Unit> ResponseSize(MetricOptions? options = null) => Size(
        "http_response_size_bytes", "Content bytes of responses.", "Bytes sent as response bodies.",
        Measured.ResponseBytes, options ?? new MetricOptions());
}
