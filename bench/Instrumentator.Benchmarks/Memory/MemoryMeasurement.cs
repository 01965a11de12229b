namespace Instrumentator.Benchmarks;

/// <summary>Makes many series, and looks at the heap before and after. They were scraped once, as some of what a series has may be made only then.</summary>
/// <param name="series">How many.</param>
/// <param name="create">Makes a family whose registry takes so many series.</param>
internal sealed class MemoryMeasurement(int series, Func<int, GrowingFamily> create) : IMeasurement
{
    private const int Few = 100;
    private static readonly string[] _methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    private static readonly string[] _statuses = ["2xx", "4xx"];

    // Here it is seen that they are as many: two that were one would look small.
    public void WarmUp()
    {
        var family = create(Few);
        var cells = new HashSet<object>(Labels(Few).Select(one => family.Add(one.Handler, one.Method, one.Status)), ReferenceEqualityComparer.Instance);
        if (cells.Count != Few)
            throw new InvalidOperationException($"{Few} series are {cells.Count}.");
        family.Scrape();
    }

    public Cost Measure()
    {
        var family = create(series);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var (handler, method, status) in Labels(series))
            family.Add(handler, method, status);
        family.Scrape();
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(family);
        return new Cost(0, (double)bytes / series);
    }

    // The label values of a route are there anyway, in its endpoint: ten series share one, which hardly counts.
    private static IEnumerable<(string Handler, string Method, string Status)> Labels(int count)
    {
        var handler = "";
        for (var i = 0; i < count; i++)
        {
            if (i % 10 == 0)
                handler = $"/api/v1/shops/{{shop}}/resource{i / 10}/{{id}}";
            yield return (handler, _methods[i % 5], _statuses[i / 5 % 2]);
        }
    }
}
