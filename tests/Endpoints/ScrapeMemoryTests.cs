namespace Instrumentator.Tests;

/// <summary>What a scrape leaves as garbage, all threads together: so nothing else may run meanwhile.</summary>
[Collection(nameof(ScrapeMemoryTests))]
[CollectionDefinition(nameof(ScrapeMemoryTests), DisableParallelization = true)]
public sealed class ScrapeMemoryTests
{
    private const int Scrapes = 30;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task It_does_not_grow_with_the_series(bool gzip, bool selfMetrics)
    {
        var options = new ScrapeOptions { Gzip = gzip, SelfMetrics = selfMetrics };
        var (few, many) = (await BytesAsync(series: 10, options), await BytesAsync(series: 9_000, options));

        // The text of many is a megabyte and more. A thread that takes its first buffer from the pool makes one.
        Assert.InRange(many, 0, few + 100_000);
    }

    private static async Task<long> BytesAsync(int series, ScrapeOptions options)
    {
        var registry = new Registry();
        var family = registry.Gauge("a", "Help.", "x");
        for (var i = 0; i < series; i++)
            family.With($"{i} {new string('x', 100)}").Set(1);
        var endpoint = new ScrapeEndpoint(options, () => registry);

        await ScrapeAsync(endpoint);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await ScrapeAsync(endpoint);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / Scrapes;
    }

    private static async Task ScrapeAsync(ScrapeEndpoint endpoint)
    {
        for (var i = 0; i < Scrapes; i++)
        {
            var context = new DefaultHttpContext();
            context.Request.Headers.AcceptEncoding = "gzip";
            await endpoint.AnswerAsync(context);
            Assert.True(context.Response.ContentLength > 0);
        }
    }
}
