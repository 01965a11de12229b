using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>The timeout of a reader: Prometheus sends its <c>scrape_timeout</c> with every scrape.</summary>
internal static class ScrapeTimeout
{
    public const string HeaderName = "X-Prometheus-Scrape-Timeout-Seconds";

    /// <summary>Returns the timeout in the header, but at most the upper bound, which also replaces everything that is
    /// not a positive number.</summary>
    public static TimeSpan Of(StringValues header, TimeSpan most) =>
        header.Count == 1
        && double.TryParse(header[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, most.TotalSeconds))
            : most;
}
