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
    private Route _route;
    private Gauge? _open;
    private long _moment = Never;

    private ResponseStart(HttpContext context, RequestObserver observer, Route route) => (_context, _observer, _route) = (context, observer, route);

    /// <summary>When it began; null while it did not, or where nobody reads it.</summary>
    public long? Moment => _moment == Never ? null : _moment;

    /// <summary>Waits for it. Middleware outside may have begun to answer before.</summary>
    public static ResponseStart Watch(HttpContext context, RequestObserver observer, long now, Route route)
    {
        var start = new ResponseStart(context, observer, route);
        if (context.Response.HasStarted)
            start._moment = now;
        else
            context.Response.OnStarting(static state => ((ResponseStart)state).NoteAsync(), start);
        return start;
    }

    /// <summary>The route turned out to be another one.</summary>
    public void Show(Route route) => _route = route;

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
        _route.Learn(isLongLived: true);
        if (_route.IsLongLived || _route.LongLived?.Open is not { } open)
            return;
        open.Increment();
        Interlocked.Exchange(ref _open, open);
        if (Volatile.Read(ref _context) is null)
            Stop();
    }
}
