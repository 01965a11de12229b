using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>An instrumentation for handlers that are functions, and may say that a request was not for them by the result null (F#'s <c>None</c>).</summary>
/// <remarks>Within <c>UseInstrumentator</c>, or within another one, it only runs the handler: a request is recorded once, outermost.</remarks>
internal sealed class HandlerInstrumentation
{
    private readonly Recorder _recorder;
    private RequestObserver? _observer;

    /// <summary>Checks the instrumentation and registers what is missing.</summary>
    /// <exception cref="InvalidConfigException">Values are invalid; all faults are named at once.</exception>
    /// <exception cref="InvalidOperationException">A metric's name is taken by another definition.</exception>
    public HandlerInstrumentation(Instrumentation instrumentation)
    {
        _recorder = new Recorder(instrumentation, (function, failure) => _observer?.ReportFailure(function, failure));
        HandlerTemplates.Use();
    }

    /// <summary>Runs a handler and records what it answered.</summary>
    public Task<TResult> InvokeAsync<TResult>(HttpContext context, Func<HttpContext, Task<TResult>> handler)
        where TResult : class?
    {
        if (TryObserve(context) is not { } observation)
            return handler(context);
        Task<TResult> rest;
        try
        {
            rest = handler(context) ?? throw NoTask.Error();
        }
        catch (Exception e)
        {
            observation.Fail(e);
            throw;
        }
        if (!rest.IsCompletedSuccessfully)
            return FinishAsync(observation, rest);
#pragma warning disable CA1849, RS0030 // It is there: nothing waits.
        Finish(observation, rest.Result, hasWaited: false);
#pragma warning restore CA1849, RS0030
        return rest;
    }

    /// <summary>Begins to observe a request; null where another one measures it, or where nobody can.</summary>
    private Observation? TryObserve(HttpContext context)
    {
        try
        {
            if (Observation.Of(context) is not null || Reexecution.IsRecorded(context))
                return null;
            var observer = _observer ?? ObserverSlow(context);
            return Observation.Begin(context, observer, observer.Now(), isRouted: true);
        }
#pragma warning disable CA1031 // A context that no server made may lack what is read here, and throw. The app must not feel that somebody asked.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _observer?.ReportLoss(e);
            return null;
        }
    }

    private static async Task<TResult> FinishAsync<TResult>(Observation observation, Task<TResult> rest)
        where TResult : class?
    {
        TResult result;
        try
        {
            result = await rest.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            observation.Fail(e);
            throw;
        }
        Finish(observation, result, hasWaited: true);
        return result;
    }

    private static void Finish(Observation observation, object? result, bool hasWaited)
    {
        if (result is null)
            observation.Discard();
        else if (hasWaited)
            observation.EndWait();
        else
            observation.End();
    }

    // The app's services come with the first request. Two that race make two observers of one recorder; either will do.
    private RequestObserver ObserverSlow(HttpContext context) =>
        _observer = new RequestObserver(_recorder, context.RequestServices ?? NoServices.Instance);

    private sealed class NoServices : IServiceProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
