using Instrumentator;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts the measuring middleware into an app.</summary>
public static class InstrumentatorApplicationBuilderExtensions
{
    /// <summary>Measures every request that comes by.</summary>
    /// <param name="app">The app.</param>
    /// <param name="instrumentation">What is measured; null for that of <c>AddInstrumentator</c>, or else <see cref="Instrumentation.Default"/>.</param>
    /// <remarks>
    /// <para>Call it first, so that it measures what all other middleware does. Where middleware of the framework that answers requests itself stands before it, a warning at the start
    /// says which: static files, authentication and authorization, CORS, rate limits, caches, rewriting, redirections to HTTPS.</para>
    /// <para>A <c>WebApplication</c> puts authentication and authorization first where nobody calls them, and routing. So call <c>app.UseAuthentication()</c> and
    /// <c>app.UseAuthorization()</c> behind it in an app that has them, or no 401 and no 403 is measured; and <c>app.UseRouting()</c> where endpoints have <c>ShortCircuit</c>.</para>
    /// <para>A second call changes nothing. Where the environment variable of <see cref="Config.EnabledBy"/> is not on, nothing is measured and nothing registered.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="InvalidConfigException">Values are invalid; the exception lists all errors.</exception>
    /// <exception cref="InvalidOperationException">A metric's name is taken by another definition.</exception>
    /// <example><code>
    /// var app = builder.Build();
    /// app.UseInstrumentator();
    /// app.UseAuthentication();    // where the app has any
    /// app.UseAuthorization();
    /// app.MapInstrumentator();
    /// </code></example>
    public static IApplicationBuilder UseInstrumentator(this IApplicationBuilder app, Instrumentation? instrumentation = null)
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
            // The app starts now, and everything that is to be included is.
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

    /// <summary>The middleware of the rules that are in force. A request that runs keeps its own.</summary>
    private static RequestDelegate Follow(IInstrumentationMonitor monitor, InstrumentatorMiddleware first, Func<Instrumentation, InstrumentatorMiddleware> create)
    {
        var current = first;
        monitor.OnChange(it => Volatile.Write(ref current, create(it)));
        return context => Volatile.Read(ref current).InvokeAsync(context);
    }
}
