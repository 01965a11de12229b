using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Notes when a response begins, and counts it as open where it is a long-lived one.</summary>
/// <remarks>One for each request and never used again: a response may begin after everybody here is done with it.</remarks>
internal sealed class ResponseStart
{
    // A number, and no nullable one, which would be as large as two.
    private const long Never = long.MinValue;

    private readonly RequestObserver _observer;
    private HttpContext? _context;
    private readonly object _route;
    private Gauge? _open;
    private long _moment = Never;

    private ResponseStart(HttpContext context, RequestObserver observer, object route) => (_context, _observer, _route) = (context, observer, route);

    /// <summary>When it began; null while it did not, or where nobody reads it.</summary>
    public long? Moment => _moment == Never ? null : _moment;

    /// <summary>Waits for it. Middleware outside may have begun to answer before.</summary>
    /// <param name="context">The request.</param>
    /// <param name="observer">What it is recorded by.</param>
    /// <param name="now">The moment, where the response began already.</param>
    /// <param name="route">The route, or the <see cref="Observation"/> that will know it by then.</param>
    public static ResponseStart Watch(HttpContext context, RequestObserver observer, long now, object route)
    {
        var start = new ResponseStart(context, observer, route);
        if (context.Response.HasStarted)
            start._moment = now;
        else
            context.Response.OnStarting(static state => ((ResponseStart)state).NoteAsync(), start);
        return start;
    }

    /// <summary>The request is done.</summary>
    public void Stop()
    {
        _context = null;
        Interlocked.Exchange(ref _open, null)?.Decrement();
    }

    private Task NoteAsync()
    {
        if (_observer.ReadsResponseStart && _moment == Never)
            _moment = _observer.Now();
        try
        {
            if (_context is { } context && _observer.IsLongLived(context))
                Count();
        }
#pragma warning disable CA1031 // The gauge may be another library's, and the response waits for this.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _observer.ReportLoss(e);
        }
        return Task.CompletedTask;
    }

    // The request may end on another thread meanwhile.
    private void Count()
    {
        var route = _route as Route ?? ((Observation)_route).Route;
        route.Learn(isLongLived: true);
        if (route.IsLongLived || route.LongLived?.Open is not { } open)
            return;
        open.Increment();
        Interlocked.Exchange(ref _open, open);
        if (Volatile.Read(ref _context) is null)
            Stop();
    }
}
