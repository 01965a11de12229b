namespace Instrumentator.Benchmarks;

/// <summary>The default metrics, under several rules and for several kinds of requests.</summary>
internal static class MiddlewareRequests
{
    public static IEnumerable<Case> All =>
    [
        App.Request("default", it => it),
        App.Request("default-content-length", it => it, new Traffic { HasLength = true }),
        App.Request("default-json", it => it, new Traffic { ContentType = "application/json; charset=utf-8" }),
        App.Request("ungrouped", it => it.With(config => config with { GroupStatusCodes = false })),
        App.Request("in-progress", it => it.With(config => config with { InProgress = new InProgressOptions { Labels = true } })),
        App.Request("in-progress-1", it => it.With(config => config with { InProgress = new InProgressOptions() })),
        App.Request("native", it => it.WithDefaultMetrics(new() { Native = new NativeBuckets() })),
        App.Request("exemplars-none-due", it => it.With(config => config with { Exemplars = new() { Labels = static _ => [("trace_id", "0af7651916cd43dd8448eb211c80319c")] } })),
        App.Request("seldom", it => it, new Traffic { Clock = static () => new FastClock() }) with { IsAlone = true },
        App.Request("seldom-10000", it => it, new Traffic { Clock = static () => new FastClock(), Endpoints = 10_000 }) with { IsAlone = true },
        App.Request("untemplated", it => it, new Traffic { Endpoints = 0 }),
        App.Request("endpoints-10", it => it, new Traffic { Endpoints = 10 }),
        App.Request("endpoints-10-of-10000", it => it, new Traffic { Endpoints = 10, Others = 9_990 }),
        App.Request("endpoints-1000", it => it, new Traffic { Endpoints = 1_000 }),
        App.Request("endpoints-10000", it => it, new Traffic { Endpoints = 10_000 }),
    ];

    /// <summary>Seconds pass a million times as fast, so that requests come seldom.</summary>
    private sealed class FastClock : TimeProvider
    {
        public override long TimestampFrequency => System.TimestampFrequency / 1_000_000;
    }
}
