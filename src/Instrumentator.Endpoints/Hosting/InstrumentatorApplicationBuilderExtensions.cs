using Instrumentator;
using Microsoft.AspNetCore.Http;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the metrics middleware to an app.</summary>
public static class InstrumentatorApplicationBuilderExtensions
{
    /// <summary>Measures every request that reaches this middleware.</summary>
    /// <param name="app">The app.</param>
    /// <param name="instrumentation">The instrumentation; null for the one of <c>AddInstrumentator</c>, or else
    /// that of the app's first call, or else <see cref="Instrumentation.Default"/>.</param>
    /// <remarks>
    /// <para>Call it first, so that it measures all other middleware. If framework middleware that can answer requests
    /// precedes it, a warning at start-up names that middleware: static files, authentication and authorization, CORS,
    /// rate limiting, caching, rewriting, HTTPS redirection.</para>
    /// <para>A <c>WebApplication</c> adds routing, and any authentication and authorization that the app does not add,
    /// at the start of the pipeline. So if the app has them, call <c>app.UseAuthentication()</c> and
    /// <c>app.UseAuthorization()</c> after it, or no 401 and no 403 is measured. Call <c>app.UseRouting()</c> after it,
    /// too, if endpoints have <c>ShortCircuit</c>, or to measure requests whose routing fails.
    /// <c>AddInstrumentatorStartupFilter</c> measures all of them, in any order.</para>
    /// <para>An instrumentation records a request once, however many calls the request passes: in the app, in a
    /// branch, in a startup filter. Two instrumentations record it once each; if both record in the same families, only
    /// the outer one does, so that totals are never doubled, and a warning at start-up says so. A second call makes all
    /// requests tracked, which is slower.</para>
    /// <para>If the environment variable of <see cref="Config.EnabledBy"/> is not on, nothing is measured and nothing
    /// is registered.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="InvalidConfigException">Values are invalid; the exception lists all errors.</exception>
    /// <exception cref="InvalidOperationException">A metric's name is taken by another definition.</exception>
    /// <example><code>
    /// var app = builder.Build();
    /// app.UseInstrumentator();
    /// app.UseAuthentication();    // if the app has any
    /// app.UseAuthorization();
    /// app.MapInstrumentator();
    /// </code></example>
    public static IApplicationBuilder UseInstrumentator(
        this IApplicationBuilder app, Instrumentation? instrumentation = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ApplicationServices;
        var state = AppInstrumentation.Of(services);
        var used = instrumentation ?? state.Default(services);
        state.Use(used, MiddlewareOrderCheck.IsBranch(app));
        if (!state.IsOn(used, services))
            return app;
        var monitor = instrumentation is null ? AppInstrumentation.MonitorOf(used, services) : null;
        var isBehindUnknown = MiddlewareOrderCheck.HasUnknown(app);
        var recorder = RequestRecorder.Create(used, services, isBehindUnknown, monitor);
        state.Add(used, recorder);
        var place = MiddlewareOrderCheck.CountOf(app);
        return app.Use(next =>
        {
            // The app starts now: everything that the registry is to include is included.
            state.Start();
            used.Registry.CheckNames();
            if (used.Config.InitializeSeries)
                SeriesInitialization.AtStart(recorder, services);
            if (state.SharesMetrics(used, recorder))
                recorder.Log.SharedMetrics();
            if (!state.Build(recorder))
                CheckOrder(app, place, recorder.Log);
            var middleware = new InstrumentatorMiddleware(next, recorder);
            return monitor is null
                ? middleware.InvokeAsync
                : Follow(monitor, middleware, it =>
                    new(next, RequestRecorder.Create(it, services, isBehindUnknown, monitor)));
        });
    }

    private static void CheckOrder(IApplicationBuilder app, int place, InstrumentationLog log)
    {
        if (MiddlewareOrderCheck.Find(app, place) is { } earlier)
            log.MiddlewareBefore(earlier);
        if (MiddlewareOrderCheck.IsRoutingBefore(app, place))
            log.RoutingBefore();
    }

    /// <summary>Returns a delegate to the middleware of the current rules. A running request keeps its own.</summary>
    private static RequestDelegate Follow(
        InstrumentationMonitor monitor,
        InstrumentatorMiddleware first,
        Func<Instrumentation, InstrumentatorMiddleware> create)
    {
        var current = first;
        monitor.OnChange(it => Volatile.Write(ref current, create(it)));
        return context => Volatile.Read(ref current).InvokeAsync(context);
    }
}
