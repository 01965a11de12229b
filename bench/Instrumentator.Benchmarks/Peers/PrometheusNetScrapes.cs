namespace Instrumentator.Benchmarks;

/// <summary>Measures a whole scrape of prometheus-net's registry as text, with the same series and numbers as in our
/// own rows.</summary>
internal static class PrometheusNetScrapes
{
    public static IEnumerable<Case> All => Scrapes.OfPeer("prometheus-net", Scrape);

    private static Work Scrape(int size)
    {
        var collectors = Prometheus.Metrics.NewCustomRegistry();
        ShopRegistry.Fill(Registry.Over(collectors), size);
        SampleLines.RequireShop(PrometheusNetText.Samples(collectors), size);
        var stream = new MemoryStream();
        return operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                stream.Position = 0;
                PrometheusNetText.Write(collectors, stream);
            }
        };
    }
}
