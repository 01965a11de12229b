using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Records every request that passes through, once.</summary>
/// <remarks>
/// There are two paths. Direct: the endpoint is known before the request runs, and nothing needs observing before the
/// request ends. Tracked: the endpoint is unknown, or something needs observing; a <see cref="TrackedRequest"/> stores
/// the observations.
/// </remarks>
internal sealed class InstrumentatorMiddleware(RequestDelegate next, RequestRecorder recorder)
{
    public Task InvokeAsync(HttpContext context)
    {
        var started = recorder.Now();
        return recorder.FindDirect(context, started) is { } request
            ? InvokeDirectAsync(context, request)
            : InvokeTrackedAsync(context, started);
    }

    // No state machine when the rest of the pipeline completes at once.
    private Task InvokeDirectAsync(HttpContext context, DirectRequest request)
    {
        if (!request.Route.IsMeasured)
            return next(context);
        Task rest;
        try
        {
            rest = next(context) ?? throw NoTask.Error();
        }
        catch (Exception e)
        {
            recorder.RecordFailure(context, request, e);
            throw;
        }
        if (!rest.IsCompletedSuccessfully)
            return AwaitDirectAsync(rest, context, request);
        recorder.RecordDirect(context, request);
        return rest;
    }

    private async Task AwaitDirectAsync(Task rest, HttpContext context, DirectRequest request)
    {
        try
        {
            await rest.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            recorder.RecordFailure(context, request, e);
            throw;
        }
        recorder.RecordDirect(context, request);
    }

    private Task InvokeTrackedAsync(HttpContext context, long started)
    {
        if (recorder.TryTrack(context, started) is not { } request)
            return next(context);
        Task rest;
        try
        {
            rest = next(context) ?? throw NoTask.Error();
        }
        catch (Exception e)
        {
            request.Fail(e);
            throw;
        }
        if (!rest.IsCompletedSuccessfully)
            return AwaitTrackedAsync(rest, request);
        request.End();
        return rest;
    }

    private static async Task AwaitTrackedAsync(Task rest, TrackedRequest request)
    {
        try
        {
            await rest.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            request.Fail(e);
            throw;
        }
        request.End();
    }
}

/// <summary>The error of an app that returns null instead of a task. Its request fails without the instrumentation,
/// too.</summary>
internal static class NoTask
{
    public static Exception Error() => new InvalidOperationException(
        "Middleware or a handler of the app returned null instead of a task. "
        + "Return Task.CompletedTask if there is nothing to await.");
}
