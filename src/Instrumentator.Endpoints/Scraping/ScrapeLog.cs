using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Instrumentator;

/// <summary>Logs the failures of an endpoint's scrapes: one line a minute for each kind, since a reader can cause any
/// number of them.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class ScrapeLog
{
    private readonly LogThrottle _failed = new();
    private readonly LogThrottle _timedOut = new();

    /// <summary>Logs that a scrape could not be rendered.</summary>
    public void Failed(HttpContext context, TimeProvider clock, Exception failure)
    {
        if (_failed.TryPass(clock, out var notLogged))
            Log.ScrapeFailed(LoggerOf(context), notLogged, failure);
    }

    /// <summary>Logs that a scrape was not rendered in time.</summary>
    public void TimedOut(HttpContext context, TimeProvider clock)
    {
        if (_timedOut.TryPass(clock, out var notLogged))
            Log.ScrapeTimedOut(LoggerOf(context), notLogged);
    }

    private static ILogger LoggerOf(HttpContext context) =>
        context.RequestServices?.GetService<ILoggerFactory>()?.CreateLogger("Instrumentator") ?? NullLogger.Instance;
}
