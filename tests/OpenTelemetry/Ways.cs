using OpenTelemetry.Metrics;

namespace Instrumentator.OpenTelemetry.Tests;

/// <summary>Ways from OpenTelemetry to this library. docs/coming-from-opentelemetry.md shows them.</summary>
internal static class Ways
{
    /// <summary>The names of ASP.NET Core's meter, so that dashboards and alerts need no change.</summary>
    public static WebApplication UnderTheirNames(params string[] args)
    {
        // snippet:otel-preset
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddInstrumentator(Presets.OpenTelemetry());

        var app = builder.Build();
        app.UseInstrumentator();    // before all other middleware
        app.MapInstrumentator();    // in place of MapPrometheusScrapingEndpoint
        // endsnippet
        return app;
    }

    /// <summary>Both at once, each with an endpoint, while dashboards move.</summary>
    public static WebApplication BothAtOnce(params string[] args)
    {
        // snippet:otel-both
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddInstrumentator(Presets.OpenTelemetry());
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation()
            .AddPrometheusExporter());

        var app = builder.Build();
        app.UseInstrumentator();
        app.MapInstrumentator().DisableHttpMetrics();
        app.MapPrometheusScrapingEndpoint("/metrics/otel").DisableHttpMetrics();
        // endsnippet
        return app;
    }

    /// <summary>This library for requests, and OpenTelemetry for everything else.</summary>
    public static WebApplication OtherMeters(params string[] args)
    {
        // snippet:otel-other-meters
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddInstrumentator(Presets.OpenTelemetry());
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime")
            .AddPrometheusExporter());

        var app = builder.Build();
        app.UseInstrumentator();
        app.MapInstrumentator();
        app.MapPrometheusScrapingEndpoint("/metrics/otel").DisableInstrumentation();
        // endsnippet
        return app;
    }

    /// <summary>The metrics of the process and of other libraries, as in docs/process-and-runtime.md.</summary>
    public static WebApplication WithProcess(params string[] args)
    {
        var app = WebApplication.CreateBuilder(args).Build();
        // snippet:process-and-runtime
        Registry.Default
            .IncludeProcess()
            .IncludeMeters("System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.Server.Kestrel")
            .IncludeTargetInfo()
            .IncludeBuildInfo();
        // endsnippet
        app.MapInstrumentator();
        return app;
    }

    /// <summary>A label of the app's own, in place of a tag that it adds to the metric.</summary>
    public static Instrumentation WithTenant()
    {
        // snippet:otel-extra
        var instrumentation = Presets.OpenTelemetry(
            extra: [RequestLabel.Header("X-Tenant", ["acme", "globex"]).As("tenant")]);
        // endsnippet
        return instrumentation;
    }
}
