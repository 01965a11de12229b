using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Measures a handler that is a function, and may say that a request was not for it, by the result null (F#'s <c>None</c>).</summary>
/// <typeparam name="TResult">What the handler gives; null for a request that was not for it.</typeparam>
/// <remarks>Within <c>UseInstrumentator</c>, or within another one, it only runs the handler: a request is recorded once, outermost.</remarks>
internal sealed class HandlerObserver<TResult>
    where TResult : class
{
    private readonly Func<HttpContext, Task<TResult?>> _handler;
    private readonly Recorder _recorder;
    private RequestObserver? _observer;

    /// <summary>Checks the instrumentation and registers what is missing.</summary>
    /// <exception cref="InvalidConfigException">Values are invalid; all faults are named at once.</exception>
    /// <exception cref="InvalidOperationException">A metric's name is taken by another definition.</exception>
    public HandlerObserver(Instrumentation instrumentation, Func<HttpContext, Task<TResult?>> handler)
    {
        _handler = handler;
        _recorder = new Recorder(instrumentation, (function, exception) => _observer?.ReportFailure(function, exception));
        HandlerTemplates.Use();
    }

    public Task<TResult?> InvokeAsync(HttpContext context)
    {
        if (Observation.Of(context) is not null || Reexecution.IsRecorded(context))
            return _handler(context);
        var observation = Observation.Begin(context, _observer ?? ObserverSlow(context));
        Task<TResult?> rest;
        try
        {
            rest = _handler(context);
        }
        catch (Exception e)
        {
            observation.End(e);
            throw;
        }
        if (!rest.IsCompletedSuccessfully || _recorder.ReadsBodies)
            return FinishAsync(observation, rest);
#pragma warning disable CA1849, RS0030 // It is there: nothing waits.
        Finish(observation, rest.Result);
#pragma warning restore CA1849, RS0030
        return rest;
    }

    private static void Finish(Observation observation, TResult? result)
    {
        if (result is null)
            observation.Discard();
        else
            observation.End(null);
    }

    private static async Task<TResult?> FinishAsync(Observation observation, Task<TResult?> rest)
    {
        try
        {
            var result = await rest.ConfigureAwait(false);
            await observation.FlushBodyAsync().ConfigureAwait(false);
            Finish(observation, result);
            return result;
        }
        catch (Exception e)
        {
            observation.End(e);
            throw;
        }
    }

    // The app's services come with the first request. Two that race make two observers of one recorder; either will do.
    private RequestObserver ObserverSlow(HttpContext context) => _observer = new RequestObserver(_recorder, context.RequestServices);
}
