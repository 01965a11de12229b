namespace Instrumentator.Benchmarks;

/// <summary>Measures the heap before and after many series are created and scraped once. Parts of a series may be
/// created by the first scrape.</summary>
/// <param name="series">The number of series.</param>
/// <param name="create">Creates a family whose registry takes a number of series.</param>
internal sealed class MemoryMeasurement(int series, Func<int, GrowingFamily> create) : IMeasurement
{
    private const int Few = 100;
    private static readonly string[] _methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    private static readonly string[] _statuses = ["2xx", "4xx"];

    // Checks that all series are different: two that share a cell would look small.
    public void WarmUp()
    {
        var family = create(Few);
        var cells = new HashSet<object>(
            Labels(Few).Select(one => family.Add(one.Handler, one.Method, one.Status)),
            ReferenceEqualityComparer.Instance);
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

    // Ten series share the handler's text, as the series of one route do.
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
