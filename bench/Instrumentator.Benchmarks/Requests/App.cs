using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Benchmarks;

/// <summary>Builds apps of one handler, with the middleware and without, and the rows that compare the two.</summary>
internal static class App
{
    /// <summary>Returns a row that measures the overhead per request of an instrumentation. Each row has its own
    /// registry.</summary>
    public static Case Request(string name, Func<Instrumentation, Instrumentation> change, Traffic? traffic = null)
    {
        traffic ??= Traffic.Usual;
        return Case.Gain(
            name, RequestLimits.Least,
            () => traffic.To(Measured(change, traffic)),
            () => traffic.To(Bare(traffic.Handler)));
    }

    /// <summary>Returns the app with the middleware.</summary>
    public static RequestDelegate Measured(Func<Instrumentation, Instrumentation> change, Traffic traffic) => Build(
        traffic.Handler, app => app.UseInstrumentator(change(Instrumentation.Default.WithRegistry(new Registry()))));

    /// <summary>Returns the app without the middleware.</summary>
    public static RequestDelegate Bare(RequestDelegate handler) => Build(handler, _ => { });

    /// <summary>Builds an app of one handler.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="use">Adds the middleware before it.</param>
    /// <param name="clock">The clock of the app; the system's when left out.</param>
    public static RequestDelegate Build(
        RequestDelegate handler,
        Action<IApplicationBuilder> use,
        TimeProvider? clock = null)
    {
        var services = new ServiceCollection().AddLogging();
        if (clock is not null)
            services.AddSingleton(clock);
        var app = new ApplicationBuilder(services.BuildServiceProvider());
        use(app);
        app.Run(handler);
        return app.Build();
    }
}
