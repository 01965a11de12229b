using Instrumentator.Testing;

namespace Instrumentator.Properties;

/// <summary>Scrapes a registry during writes, and rejects impossible results.</summary>
internal sealed class ScrapeWatch(Registry registry)
{
    private Snapshot _last = registry.Scrape();

    public void Look()
    {
        var next = registry.Scrape();
        AssertNothingWentDown(_last, next);
        _last = next;

        // The parser checks the rules within one scrape: cumulative buckets, +Inf = _count.
        ParsedScrape.Prometheus(ExpositionFormat.Prometheus.ToText(next));
    }

    private static void AssertNothingWentDown(Snapshot before, Snapshot after)
    {
        for (var i = 0; i < before.Families.Count; i++)
        {
            for (var j = 0; j < before.Families[i].Samples.Count; j++)
            {
                var (earlier, later) = (before.Families[i].Samples[j], after.Families[i].Samples[j]);
                Assert.Equal(earlier.Labels, later.Labels);
                Assert.All(
                    Totals(earlier.Value).Zip(Totals(later.Value)),
                    pair => Assert.True(pair.First <= pair.Second, $"{earlier} was followed by {later}."));
            }
        }
    }

    private static IEnumerable<double> Totals(SampleValue value) => value.Match<IEnumerable<double>>(
        counter => [counter.Value],
        gauge => [],
        histogram => [.. histogram.Counts.Select(count => (double)count), histogram.Sum],
        summary => [summary.Count, summary.Sum]);
}
