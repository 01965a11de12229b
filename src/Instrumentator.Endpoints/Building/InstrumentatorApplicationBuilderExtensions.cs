using Instrumentator;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts the measuring middleware into an app.</summary>
public static class InstrumentatorApplicationBuilderExtensions
{
    /// <summary>Measures every request that comes by.</summary>
    /// <param name="app">The app.</param>
    /// <param name="instrumentation">What is measured; null for that of <c>AddInstrumentator</c>, or else <see cref="Instrumentation.Default"/>.</param>
    /// <remarks>
    /// Call it first, so that it measures what all other middleware does. A second call changes nothing. Where the environment variable
    /// of <see cref="Config.EnabledBy"/> is not on, nothing is measured and nothing registered.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="InvalidConfigException">Values are invalid; all faults are named at once.</exception>
    /// <exception cref="InvalidOperationException">A metric's name is taken by another definition.</exception>
    /// <example><code>
    /// var app = builder.Build();
    /// app.UseInstrumentator();
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
        var observer = RequestObserver.Create(used, app.ApplicationServices);
        return app.Use(next =>
        {
            // The app starts now, and everything that is to be included is.
            AppInstrumentation.Start(app.ApplicationServices);
            used.Registry.CheckNames();
            return new InstrumentatorMiddleware(next, observer).InvokeAsync;
        });
    }
}
