using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Notes when a response begins.</summary>
/// <remarks>One for each request and never used again: a response may begin after everybody here is done with it.</remarks>
internal sealed class ResponseStart
{
    private readonly RequestObserver _observer;
    private long? _moment;

    private ResponseStart(RequestObserver observer, long? moment) => (_observer, _moment) = (observer, moment);

    /// <summary>When it began; null while it did not.</summary>
    public long? Moment => _moment;

    /// <summary>Waits for it. Middleware outside may have begun to answer before.</summary>
    public static ResponseStart Watch(HttpContext context, RequestObserver observer, long now)
    {
        if (context.Response.HasStarted)
            return new(observer, now);
        var start = new ResponseStart(observer, null);
        context.Response.OnStarting(static state => ((ResponseStart)state).Note(), start);
        return start;
    }

    private Task Note()
    {
        _moment ??= _observer.Now();
        return Task.CompletedTask;
    }
}
