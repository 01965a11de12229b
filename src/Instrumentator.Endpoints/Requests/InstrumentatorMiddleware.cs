using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Measures every request that comes by, once.</summary>
internal sealed class InstrumentatorMiddleware(RequestDelegate next, RequestObserver observer)
{
    /// <summary>The usual request, whose endpoint is known before it runs, takes the short way.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var started = observer.Now();
        if (observer.FindPlain(context) is not { } route)
            return InvokeSlowAsync(context, started);
        if (!route.IsMeasured)
            return next(context);
        return observer.WatchesMore(route)
            ? MeasureAsync(context, route, started, observer.Watch(context, route, started))
            : MeasureAsync(context, route, started, default(NoWatch));
    }

    /// <summary>No state machine when the rest completes at once.</summary>
    private Task MeasureAsync<TWatch>(HttpContext context, Route route, long started, TWatch watch)
        where TWatch : struct, IWatch
    {
        Task rest;
        try
        {
            rest = next(context) ?? throw NoTask.Error();
        }
        catch (Exception e)
        {
            Fail(context, route, started, watch, e);
            throw;
        }
        if (!rest.IsCompletedSuccessfully)
            return MeasureRestAsync(rest, context, route, started, watch);
        End(context, route, started, watch);
        return rest;
    }

    private async Task MeasureRestAsync<TWatch>(Task rest, HttpContext context, Route route, long started, TWatch watch)
        where TWatch : struct, IWatch
    {
        try
        {
            await rest.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(context, route, started, watch, e);
            throw;
        }

        if (observer.EndingOfWait(context) is { IsReplaced: true } ending)
            Record(context, route, started, watch, ending);
        else
            End(context, route, started, watch);
    }

    private void End<TWatch>(HttpContext context, Route route, long started, TWatch watch)
        where TWatch : struct, IWatch
    {
        if (observer.ReadsResponseStart || watch.IsLongLived)
        {
            EndSlow(context, route, started, watch);
            return;
        }
        watch.Stop();
        observer.Record(context, route, started);
    }

    private void EndSlow<TWatch>(HttpContext context, Route route, long started, TWatch watch)
        where TWatch : struct, IWatch => Record(context, route, started, watch, default);

    private void Fail<TWatch>(HttpContext context, Route route, long started, TWatch watch, Exception exception)
        where TWatch : struct, IWatch => Record(context, route, started, watch, observer.EndingOf(context, exception));

    private void Record<TWatch>(HttpContext context, Route route, long started, TWatch watch, in Ending ending)
        where TWatch : struct, IWatch
    {
        watch.Stop();
        observer.Record(context, route, observer.MomentsSince(started, watch.ResponseStarted), ending);
    }

    private Task InvokeSlowAsync(HttpContext context, long started)
    {
        if (TryObserve(context, started) is not { } observation)
            return next(context);
        Task rest;
        try
        {
            rest = next(context) ?? throw NoTask.Error();
        }
        catch (Exception e)
        {
            observation.Fail(e);
            throw;
        }
        if (!rest.IsCompletedSuccessfully)
            return ObserveRestAsync(rest, observation);
        observation.End();
        return rest;
    }

    /// <summary>Begins to observe a request; null where another one measures it, or where nobody can.</summary>
    private Observation? TryObserve(HttpContext context, long started)
    {
        try
        {
            // Another one stands outside of this one, in a branch or in a startup filter: it measures.
            if (HandlerTemplates.AreUsed && Observation.Of(context) is not null)
                return null;

            // An error page belongs to the request that failed.
            return Reexecution.IsRecorded(context) ? null : Observation.Begin(context, observer, started);
        }
#pragma warning disable CA1031 // A context that no server made may lack what is read here, and throw. The app must not feel that somebody asked.
        catch (Exception e)
#pragma warning restore CA1031
        {
            observer.ReportLoss(e);
            return null;
        }
    }

    private static async Task ObserveRestAsync(Task rest, Observation observation)
    {
        try
        {
            await rest.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            observation.Fail(e);
            throw;
        }
        observation.EndWait();
    }
}
