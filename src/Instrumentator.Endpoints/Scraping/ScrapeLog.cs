using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Logs the failures of an endpoint's scrapes: one line a minute for each kind, since a reader can cause any
/// number of them.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class ScrapeLog
{
    private readonly LogThrottle _failed = new();
    private readonly LogThrottle _timedOut = new();
    private readonly LogThrottle _tooSlow = new();

    /// <summary>Logs that a scrape could not be rendered.</summary>
    public void Failed(HttpContext context, TimeProvider clock, Exception failure)
    {
        if (_failed.TryPass(clock, out var notLogged))
            Log.ScrapeFailed(AppLogger.Of(context.RequestServices), notLogged, failure);
    }

    /// <summary>Logs that a scrape was not rendered in time.</summary>
    public void TimedOut(HttpContext context, TimeProvider clock)
    {
        if (_timedOut.TryPass(clock, out var notLogged))
            Log.ScrapeTimedOut(AppLogger.Of(context.RequestServices), notLogged);
    }

    /// <summary>Logs that a reader did not take its response in time.</summary>
    public void ReaderTooSlow(HttpContext context, TimeProvider clock)
    {
        if (_tooSlow.TryPass(clock, out var notLogged))
            Log.ScrapeReaderTooSlow(AppLogger.Of(context.RequestServices), notLogged);
    }
}
