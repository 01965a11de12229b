using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Measures every request that comes by, once.</summary>
internal sealed class InstrumentatorMiddleware(RequestDelegate next, RequestObserver observer)
{
    /// <summary>The usual request, whose endpoint is known before it runs, takes the short way.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (observer.AreCellsFar)
            return InvokeFarAsync(context);

        // First of all: what comes now is part of the request, and a processor goes on with it while it waits for the clock.
        var started = observer.Now();
        return InvokeAsync(context, observer.FindsCells ? observer.FindCells(context) : default, started);
    }

    /// <summary>The same where cells are far from the processor: there is no use in the clock being first where all waits for them then.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task InvokeFarAsync(HttpContext context)
    {
        var endpoint = observer.BringFarCells(context);
        var started = observer.Now();
        nint address = 0;
        var cells = endpoint is null ? default : observer.FindFarCells(context, endpoint, out address);
        return cells.Own is { } own ? MeasureAsync(context, new LikelyFar(own, address), started, default(NoWatch)) : InvokeAsync(context, cells, started);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Task InvokeAsync(HttpContext context, RememberedCells cells, long started)
    {
        if (cells.Own is { } own)
            return MeasureAsync(context, new LikelyOwn(own), started, default(NoWatch));
        if (cells.Shared is { } shared)
            return MeasureAsync(context, new LikelyShared(shared), started, default(NoWatch));
        return InvokeOtherAsync(context, started);
    }

    // Not inlined, as some others here: room for what it keeps would be cleared for each request, where it is not needed, too.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task InvokeOtherAsync(HttpContext context, long started)
    {
        if (observer.FindPlain(context) is not { } route)
            return InvokeSlowAsync(context, started);
        if (!route.IsMeasured)
            return next(context);
        return observer.WatchesMore(route)
            ? MeasureAsync(context, observer.LikelyOf(route), started, observer.Watch(context, route, started))
            : MeasureAsync(context, observer.LikelyOf(route), started, default(NoWatch));
    }

    /// <summary>No state machine when the rest completes at once.</summary>
    /// <remarks>What is likely goes by reference, here and further on: two words of it that are copied by one load, just after each was written, are waited for.</remarks>
    private Task MeasureAsync<TLikely, TWatch>(HttpContext context, in TLikely likely, long started, TWatch watch)
        where TLikely : struct, ILikely
        where TWatch : struct, IWatch
    {
        Task rest;
        try
        {
            rest = next(context) ?? throw NoTask.Error();
        }
        catch (Exception e)
        {
            Fail(context, likely.Route, started, watch, e);
            throw;
        }
        if (!rest.IsCompletedSuccessfully)
            return MeasureRestAsync(rest, context, likely.Route, started, watch);
        End(context, likely, started, watch);
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

        // Asked only now: another thread may have come back than the one that went away.
        if (observer.EndingOfWait(context) is { IsReplaced: true } ending)
            Record(context, route, started, watch, ending);
        else
            End(context, observer.LikelyOf(route), started, watch);
    }

    private void End<TLikely, TWatch>(HttpContext context, in TLikely likely, long started, TWatch watch)
        where TLikely : struct, ILikely
        where TWatch : struct, IWatch
    {
        if (observer.ReadsResponseStart || watch.IsLongLived)
        {
            EndSlow(context, likely.Route, started, watch);
            return;
        }
        watch.Stop();
        observer.RecordLikely(context, likely, started);
    }

    // Not inlined, as the next one: room for how a request ended would be cleared for each.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EndSlow<TWatch>(HttpContext context, Route route, long started, TWatch watch)
        where TWatch : struct, IWatch => Record(context, route, started, watch, default);

    [MethodImpl(MethodImplOptions.NoInlining)]
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
