using Instrumentator;
using Prometheus;

// snippet:clashing-names
// Both namespaces have a type of this name. An alias at the top of a file says which one is meant there.
using Metrics = Instrumentator.Metrics;
// endsnippet

namespace WithPrometheusNet;

/// <summary>Ways to add this library's metrics to an app with prometheus-net. Each way keeps the app's own metrics
/// unchanged.</summary>
internal static class Ways
{
    /// <summary>This library's names, in prometheus-net's registry: its endpoint, its pusher and its server show
    /// them.</summary>
    public static WebApplication InTheirRegistry(params string[] args)
    {
        // snippet:over
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddInstrumentator(
            Instrumentation.Default.WithRegistry(Registry.Over(Prometheus.Metrics.DefaultRegistry)));

        var app = builder.Build();
        app.UseInstrumentator();                      // in place of UseHttpMetrics
        app.MapMetrics().DisableInstrumentation();    // stays; scrapes leave no trace
        // endsnippet
        return app.MapShop();
    }

    /// <summary>This library's registry and endpoint, which also shows prometheus-net's metrics.</summary>
    public static WebApplication InOurScrape(params string[] args)
    {
        // snippet:include
        var builder = WebApplication.CreateBuilder(args);
        var registry = new Registry().Include(Prometheus.Metrics.DefaultRegistry);
        builder.Services.AddInstrumentator(Instrumentation.Default.WithRegistry(registry));

        var app = builder.Build();
        app.UseInstrumentator();    // in place of UseHttpMetrics
        app.MapInstrumentator();    // in place of MapMetrics
        // endsnippet
        return app.MapShop();
    }

    /// <summary>The names of UseHttpMetrics, so that dashboards and alerts need no change.</summary>
    public static WebApplication UnderTheirNames(params string[] args)
    {
        // snippet:preset
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddInstrumentator(Presets.PrometheusNet(Registry.Over(Prometheus.Metrics.DefaultRegistry)));

        var app = builder.Build();
        app.UseInstrumentator();    // in place of UseHttpMetrics
        app.MapMetrics();           // stays
        // endsnippet
        return app.MapShop();
    }

    /// <summary>Both at once, while dashboards migrate: a namespace separates the names that both use.</summary>
    public static WebApplication BothAtOnce(params string[] args)
    {
        // snippet:both
        var builder = WebApplication.CreateBuilder(args);
        var registry = new Registry().Include(Prometheus.Metrics.DefaultRegistry);
        builder.Services.AddInstrumentator(Instrumentation.Default
            .WithRegistry(registry)
            .WithDefaultMetrics(new() { Namespace = "app" }));    // app_http_request_duration_seconds

        var app = builder.Build();
        app.UseInstrumentator();
        app.UseRouting();
        app.UseHttpMetrics();                                     // http_request_duration_seconds
        app.MapInstrumentator();
        // endsnippet
        return app.MapShop();
    }

    /// <summary>A custom selection of metric functions, in prometheus-net's registry.</summary>
    public static Instrumentation Composed()
    {
        // snippet:composed-over
        var registry = Registry.Over(Prometheus.Metrics.DefaultRegistry);
        var instrumentation = Instrumentation.Default.WithRegistry(registry)
            .Add(Metrics.Latency(new() { Buckets = [0.1, 0.5, 1] }))
            .Add(Metrics.RequestSize(new() { Method = false }));
        // endsnippet
        return instrumentation;
    }
}
