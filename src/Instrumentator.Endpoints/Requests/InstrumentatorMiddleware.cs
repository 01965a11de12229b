using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Measures every request that comes by, once.</summary>
internal sealed class InstrumentatorMiddleware(RequestDelegate next, RequestObserver observer)
{
    /// <summary>The usual request, whose endpoint is known before and which nobody observes but from start to end, takes the short way.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (!observer.IsPlain || HandlerTemplates.AreUsed || !observer.TryFindRoute(HttpContextFacts.EndpointOf(context), out var route) || context.Response.StatusCode != StatusCodes.Status200OK)
            return InvokeSlowAsync(context);
        return route.IsMeasured ? MeasureAsync(context, route) : next(context);
    }

    /// <summary>No state machine when the rest completes at once.</summary>
    private Task MeasureAsync(HttpContext context, Route route)
    {
        var started = observer.Now();
        Task rest;
        try
        {
            rest = next(context);
        }
        catch (Exception e)
        {
            observer.Record(context, route, started, exception: e);
            throw;
        }
        if (!rest.IsCompletedSuccessfully)
            return MeasureRestAsync(rest, context, route, started);
        observer.RecordPlain(context, route, started);
        return rest;
    }

    private async Task MeasureRestAsync(Task rest, HttpContext context, Route route, long started)
    {
        try
        {
            await rest.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            observer.Record(context, route, started, exception: e);
            throw;
        }
        observer.RecordPlain(context, route, started);
    }

    private Task InvokeSlowAsync(HttpContext context)
    {
        // Another one stands outside of this one, in a branch or in a startup filter: it measures.
        if (HandlerTemplates.AreUsed && Observation.Of(context) is not null)
            return next(context);

        // A status before anything ran: an error page. It belongs to the request that failed.
        if (context.Response.StatusCode != StatusCodes.Status200OK && Reexecution.IsRecorded(context))
            return next(context);
        var observation = Observation.Begin(context, observer);
        Task rest;
        try
        {
            rest = next(context);
        }
        catch (Exception e)
        {
            observation.End(e);
            throw;
        }
        if (!rest.IsCompletedSuccessfully)
            return ObserveRestAsync(rest, observation);
        observation.End(null);
        return rest;
    }

    private static async Task ObserveRestAsync(Task rest, Observation observation)
    {
        try
        {
            await rest.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            observation.End(e);
            throw;
        }
        observation.End(null);
    }
}
