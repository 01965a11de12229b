namespace Instrumentator.Benchmarks;

/// <summary>All rows. A new one is a line in one of these lists.</summary>
internal static class Catalogue
{
    public static IEnumerable<Case> All =>
    [
        .. RequestLimits.All,
        .. MiddlewareRequests.All,
        .. ComposedRequests.All,
        .. WaitingRequests.All,
        .. GiraffeRequests.All,
        .. MeterRequests.All,
        .. Cells.All,
        .. ScrapeLimits.All,
        .. ScrapeLimits.Busy,
        .. Scrapes.All,
        .. Scrapes.Busy,
        .. SeriesMemory.All,
    ];
}
