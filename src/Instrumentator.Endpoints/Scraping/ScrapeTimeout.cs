using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>The timeout of a reader: Prometheus sends its <c>scrape_timeout</c> with every scrape.</summary>
internal static class ScrapeTimeout
{
    public const string HeaderName = "X-Prometheus-Scrape-Timeout-Seconds";

    /// <summary>Returns the timeout in the header, capped at a maximum; the maximum if the header is missing, repeated,
    /// or not a positive number without exponent.</summary>
    public static TimeSpan Of(StringValues header, TimeSpan max) =>
        header.Count == 1
        && double.TryParse(header[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, max.TotalSeconds))
            : max;
}
