namespace Instrumentator.Benchmarks;

/// <summary>Metric functions composed by <c>Then</c>, and a custom one.</summary>
internal static class ComposedRequests
{
    public static IEnumerable<Case> All =>
    [
        App.Request("composed-1", it => Composed(it, 1)),
        App.Request("composed-2", it => Composed(it, 2)),
        App.Request("composed-3", it => Composed(it, 3)),
        App.Request("composed-4", it => Composed(it, 4)),
        App.Request("composed", it => Composed(it, 5)),
        App.Request("custom", it => it.Add(CountByMethod(it.Registry))),
    ];

    /// <summary>Adds the first of the five single metrics, composed.</summary>
    public static Instrumentation Composed(Instrumentation it, int count) =>
        it.Add(Five(it.Registry).Take(count).Aggregate((first, second) => first.Then(second)));

    private static Func<Info, Unit>[] Five(Registry registry) =>
    [
        Metrics.Requests(new() { Registry = registry }),
        Metrics.Latency(new() { Registry = registry }),
        Metrics.RequestSize(new() { Registry = registry }),
        Metrics.ResponseSize(new() { Registry = registry }),
        Metrics.CombinedSize(new() { Registry = registry }),
    ];

    private static Func<Info, Unit> CountByMethod(Registry registry)
    {
        var requests = registry.Counter("requests_by_method_total", "Requests by method.", "method");
        return Metrics.From(info => requests.With(info.Method).Increment());
    }
}
