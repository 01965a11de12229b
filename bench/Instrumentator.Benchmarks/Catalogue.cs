namespace Instrumentator.Benchmarks;

/// <summary>Lists all rows.</summary>
internal static class Catalogue
{
    public static IEnumerable<Case> All =>
    [
        .. RequestLimits.All,
        .. MiddlewareRequests.All,
        .. QuietRequests.All,
        .. ComposedRequests.All,
        .. WaitingRequests.All,
        .. GiraffeRequests.All,
        .. Cells.All,
        .. ScrapeLimits.All,
        .. ScrapeLimits.Busy,
        .. Scrapes.All,
        .. Scrapes.Busy,
        .. SeriesMemory.All,
        .. MeterRequests.All,
        .. OpenTelemetryRequests.All,
        .. OpenTelemetryScrapes.All,
        .. PrometheusNetRequests.All,
        .. PrometheusNetScrapes.All,
        .. PrometheusNetMemory.All,
    ];
}
