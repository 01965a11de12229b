using Instrumentator;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the metrics middleware to an app.</summary>
public static class InstrumentatorApplicationBuilderExtensions
{
    /// <summary>Measures every request that reaches this middleware.</summary>
    /// <param name="app">The app.</param>
    /// <param name="instrumentation">The instrumentation; null for the one of <c>AddInstrumentator</c>, or else
    /// <see cref="Instrumentation.Default"/>.</param>
    /// <remarks>
    /// <para>Call it first, so that it measures all other middleware. If framework middleware that can answer requests
    /// precedes it, a warning at start-up names that middleware: static files, authentication and authorization, CORS,
    /// rate limiting, caching, rewriting, HTTPS redirection.</para>
    /// <para>A <c>WebApplication</c> adds routing, and any authentication and authorization that the app does not add,
    /// at the start of the pipeline. So if the app has them, call <c>app.UseAuthentication()</c> and
    /// <c>app.UseAuthorization()</c> after it, or no 401 and no 403 is measured. Call <c>app.UseRouting()</c> after it,
    /// too, if endpoints have <c>ShortCircuit</c>.</para>
    /// <para>A second call has no effect. If the environment variable of <see cref="Config.EnabledBy"/> is not on,
    /// nothing is measured and nothing is registered.</para>
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
        if (AppInstrumentation.IsUsed(app.Properties))
            return app;
        var used = instrumentation ?? AppInstrumentation.Find(app.ApplicationServices);
        AppInstrumentation.Use(app.Properties, app.ApplicationServices, used);
        if (!AppInstrumentation.IsOn(used, app.ApplicationServices))
            return app;
        var recorder = RequestRecorder.Create(used, app.ApplicationServices);
        var monitor = instrumentation is null ? app.ApplicationServices.GetService<IInstrumentationMonitor>() : null;
        var place = MiddlewareOrderCheck.CountOf(app);
        return app.Use(next =>
        {
            // The app starts now: everything that the registry is to include is included.
            AppInstrumentation.Start(app.ApplicationServices);
            used.Registry.CheckNames();
            if (MiddlewareOrderCheck.Find(app, place) is { } earlier)
                recorder.Log.MiddlewareBefore(earlier);
            var middleware = new InstrumentatorMiddleware(next, recorder);
            return monitor is null
                ? middleware.InvokeAsync
                : Follow(monitor, middleware, it => new(next, RequestRecorder.Create(it, app.ApplicationServices)));
        });
    }

    /// <summary>Returns a delegate to the middleware of the current rules. A running request keeps its own.</summary>
    private static RequestDelegate Follow(
        IInstrumentationMonitor monitor,
        InstrumentatorMiddleware first,
        Func<Instrumentation, InstrumentatorMiddleware> create)
    {
        var current = first;
        monitor.OnChange(it => Volatile.Write(ref current, create(it)));
        return context => Volatile.Read(ref current).InvokeAsync(context);
    }
}
