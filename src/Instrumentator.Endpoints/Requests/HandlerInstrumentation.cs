using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>An instrumentation for handlers that are functions and may skip a request by returning null (F#'s
/// <c>None</c>).</summary>
/// <remarks>Inside <c>UseInstrumentator</c> or another handler of the same instrumentation, it only runs the handler:
/// an instrumentation records a request once, in its outermost place, which sees all of the request.</remarks>
internal sealed class HandlerInstrumentation
{
    private readonly Recorder _core;
    private RequestRecorder? _recorder;

    /// <summary>Validates the instrumentation and registers its missing families.</summary>
    /// <exception cref="InvalidConfigException">Values are invalid; the exception lists all errors.</exception>
    /// <exception cref="InvalidOperationException">A metric's name is taken by another definition.</exception>
    public HandlerInstrumentation(Instrumentation instrumentation)
    {
        _core = new Recorder(instrumentation, (function, failure) => _recorder?.Log.FunctionFailed(function, failure));
        _core.Registry.HasNestedRecorders = true;
    }

    /// <summary>Runs a handler and records its response.</summary>
    public Task<TResult> InvokeAsync<TResult>(HttpContext context, Func<HttpContext, Task<TResult>> handler)
        where TResult : class?
    {
        var recorder = _recorder ?? RecorderSlow(context);
        if (recorder.TryTrack(context, recorder.Now(), isHandler: true) is not { } request)
            return handler(context);
        Task<TResult> rest;
        try
        {
            rest = handler(context) ?? throw NoTask.Error();
        }
        catch (Exception e)
        {
            request.Fail(e);
            throw;
        }
        if (!rest.IsCompletedSuccessfully)
            return AwaitAsync(rest, request);
#pragma warning disable CA1849, RS0030 // The task is completed.
        if (rest.Result is null)
#pragma warning restore CA1849, RS0030
            request.Discard();
        else
            request.End();
        return rest;
    }

    private static async Task<TResult> AwaitAsync<TResult>(Task<TResult> rest, TrackedRequest request)
        where TResult : class?
    {
        TResult result;
        try
        {
            result = await rest.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            request.Fail(e);
            throw;
        }
        if (result is null)
            request.Discard();
        else
            request.End();
        return result;
    }

    // The first request brings the app's services. Benign race: two recorders of one instrumentation are alike.
    private RequestRecorder RecorderSlow(HttpContext context) =>
        _recorder = new RequestRecorder(_core, ServicesOf(context), isBehindUnknown: true);

    /// <summary>Returns the app's services, or an empty provider if the context has none.</summary>
    internal static IServiceProvider ServicesOf(HttpContext context)
    {
        try
        {
            return context.RequestServices ?? NoServices.Instance;
        }
#pragma warning disable CA1031 // A context that no server created may throw.
        catch (Exception)
#pragma warning restore CA1031
        {
            return NoServices.Instance;
        }
    }

    private sealed class NoServices : IServiceProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
