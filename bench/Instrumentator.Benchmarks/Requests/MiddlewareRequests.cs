using Microsoft.AspNetCore.Builder;

namespace Instrumentator.Benchmarks;

/// <summary>The default metrics, with several options and for several kinds of requests.</summary>
internal static class MiddlewareRequests
{
    public static IEnumerable<Case> All =>
    [
        App.Request("default", it => it),
        HostedApp.Request("default-in-host", () => HostedApp.Start(use: app =>
            app.UseInstrumentator(Instrumentation.Default.WithRegistry(new Registry())))),
        App.Request("default-content-length", it => it, new Traffic { HasLength = true }),
        App.Request("default-json", it => it, new Traffic { ContentType = "application/json; charset=utf-8" }),
        App.Request("mixed-404", it => it, Traffic.Alternating(404)),
        App.Request("mixed-500", it => it, Traffic.Alternating(500)),
        App.Request("ungrouped", it => it.With(config => config with { GroupStatusCodes = false })),
        App.Request("in-progress", it => it.With(config => config with { InProgress = new() { Labels = true } })),
        App.Request("in-progress-1", it => it.With(config => config with { InProgress = new() })),
        App.Request("native", it => it.WithDefaultMetrics(new() { Native = new NativeBuckets() })),
        App.Request("exemplars-none-due", it => it.With(config => config with { Exemplars = TraceId })),
        App.Request("untemplated", it => it, new Traffic { Endpoints = 0 }),
        App.Request("endpoints-10", it => it, new Traffic { Endpoints = 10 }),
        App.Request("endpoints-1000", it => it, new Traffic { Endpoints = 1_000 }),
        App.Request("endpoints-10000", it => it, new Traffic { Endpoints = 10_000 }),
    ];

    private static ExemplarOptions TraceId => new()
    {
        Labels = static _ => [("trace_id", "0af7651916cd43dd8448eb211c80319c")],
    };
}
