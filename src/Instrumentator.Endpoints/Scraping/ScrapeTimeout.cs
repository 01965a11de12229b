using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>How long a reader waits, as it says itself: Prometheus tells its <c>scrape_timeout</c> with every scrape.</summary>
internal static class ScrapeTimeout
{
    public const string HeaderName = "X-Prometheus-Scrape-Timeout-Seconds";

    /// <summary>What the header says, and never more than the upper bound, which stands for all that is no positive number.</summary>
    public static TimeSpan Of(StringValues header, TimeSpan most) =>
        header.Count == 1 && double.TryParse(header[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, most.TotalSeconds))
            : most;
}
