using Prometheus;

namespace Instrumentator.Benchmarks.PrometheusNet;

/// <summary>A whole scrape of prometheus-net's registry: the same series with the same numbers as in our rows, as text.</summary>
internal static class PeerScrapes
{
    private static readonly int[] _sizes = [100, 10_000];

    public static IEnumerable<Case> All => _sizes.Select(size =>
        Case.Whole($"scrape-{size}-prometheus-net-text", ScrapeLimits.Name(size), () => Side.Shared(Scrape(size))) with { IsAlone = true });

    private static Work Scrape(int size)
    {
        var collectors = Prometheus.Metrics.NewCustomRegistry();
        ShopRegistry.Fill(Registry.Over(collectors), size);
        ThrowIfOther(collectors, size);
        var stream = new MemoryStream();
        return operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                stream.Position = 0;
                Export.Write(collectors, stream);
            }
        };
    }

    // Line by line what ours says, in an order of its own, and a bound without a fraction as a whole number.
    private static void ThrowIfOther(CollectorRegistry collectors, int size)
    {
        var text = ShopRegistry.Create(size).ToText();
        string[] ours = [.. Export.Samples(text).Select(line => line.Replace(".0\"}", "\"}"))];
        string[] theirs = Export.Samples(collectors);
        if (ours.Except(theirs).FirstOrDefault() is { } missing)
            throw new InvalidOperationException($"prometheus-net's scrape has no {missing}");
        if (theirs.Length != size || ours.Length != size)
            throw new InvalidOperationException($"prometheus-net's scrape has {theirs.Length} samples, ours {ours.Length}.");
    }
}
