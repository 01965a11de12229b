using Instrumentator;
using Prometheus;

// snippet:clashing-names
// Both namespaces have a type of this name. An alias at the top of a file says which one is meant there.
using Metrics = Instrumentator.Metrics;
// endsnippet

namespace WithPrometheusNet;

/// <summary>How an app with prometheus-net gains our metrics. Each way keeps its own metrics as they are.</summary>
internal static class Ways
{
    /// <summary>Our names, in prometheus-net's registry: its endpoint, its pusher and its server show them.</summary>
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

    /// <summary>Our registry and our endpoint, which shows prometheus-net's metrics, too.</summary>
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

    /// <summary>The names of UseHttpMetrics, so that dashboards and alerts go on as they are.</summary>
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

    /// <summary>Both at once, for as long as dashboards move: a namespace keeps names apart that both have.</summary>
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

    /// <summary>Metric functions of one's own choice, in prometheus-net's registry.</summary>
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
