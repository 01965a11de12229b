using Prometheus;

namespace Instrumentator.Benchmarks.PrometheusNet;

/// <summary>A whole scrape of prometheus-net's registry as text, with the same series and values as in our own
/// benchmarks.</summary>
internal static class PeerScrapes
{
    private static readonly int[] _sizes = [100, 10_000];

    public static IEnumerable<Case> All => _sizes.Select(size =>
        Case.Whole(
            $"scrape-{size}-prometheus-net-text",
            ScrapeLimits.Name(size),
            () => Side.Shared(Scrape(size))) with
        { IsAlone = true });

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

    // The lines must be the same as ours, in any order. prometheus-net writes upper bounds without a fraction as whole
    // numbers.
    private static void ThrowIfOther(CollectorRegistry collectors, int size)
    {
        var text = ShopRegistry.Create(size).ToText();
        string[] ours = [.. Export.Samples(text).Select(line => line.Replace(".0\"}", "\"}"))];
        string[] theirs = Export.Samples(collectors);
        if (ours.Except(theirs).FirstOrDefault() is { } missing)
            throw new InvalidOperationException($"prometheus-net's scrape has no {missing}");
        if (theirs.Length != size || ours.Length != size)
            throw new InvalidOperationException(
                $"prometheus-net's scrape has {theirs.Length} samples, ours {ours.Length}.");
    }
}
