namespace Instrumentator.Benchmarks;

/// <summary>Makes many series, and looks at the heap before and after.</summary>
internal sealed class MemoryMeasurement(Func<Registry, AddSeries> register) : IMeasurement
{
    private const int Series = 100_000;
    private static readonly string[] _methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    private static readonly string[] _statuses = ["2xx", "4xx"];

    public void WarmUp() => Add(new Registry(Series), count: 100);

    public Cost Measure()
    {
        var registry = new Registry(Series);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Add(registry, Series);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(registry);
        return new Cost(0, (double)bytes / Series);
    }

    // The label values of a route are there anyway, in its endpoint: ten series share one, which hardly counts.
    private void Add(Registry registry, int count)
    {
        var add = register(registry);
        var handler = "";
        for (var i = 0; i < count; i++)
        {
            if (i % 10 == 0)
                handler = $"/api/v1/shops/{{shop}}/resource{i / 10}/{{id}}";
            add(handler, _methods[i % 5], _statuses[i / 5 % 2]);
        }
    }
}
