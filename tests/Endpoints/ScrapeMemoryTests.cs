using Microsoft.Extensions.Primitives;

namespace Instrumentator.Tests;

/// <summary>Garbage per scrape, summed over all threads, so no other test may run at the same time.</summary>
[Collection(nameof(ScrapeMemoryTests))]
[CollectionDefinition(nameof(ScrapeMemoryTests), DisableParallelization = true)]
public sealed class ScrapeMemoryTests
{
    private const int Scrapes = 30;

    // For arrays of another size, and an item of a pool.
    private const int Slack = 1_000;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Garbage_does_not_grow_with_the_number_of_series(bool gzip, bool selfMetrics)
    {
        var options = new ScrapeOptions { Gzip = gzip, SelfMetrics = selfMetrics };
        var (few, many) = (await BytesAsync(series: 10, options), await BytesAsync(series: 9_000, options));

        // The text with many series is larger than a megabyte. A thread that rents its first buffer from the pool
        // allocates it.
        Assert.InRange(many, 0, few + 100_000);
    }

    [Fact]
    public async Task A_hostile_header_costs_no_more_garbage_than_a_usual_one()
    {
        var endpoint = new ScrapeEndpoint(new(), () => new Registry());
        string[] hostile =
        [
            new('x', 1 << 20),
            new(',', 1 << 20),
            new(';', 1 << 20),
            new('"', 1 << 20),
            string.Concat(Enumerable.Repeat("text/plain;q=0.5,", 60_000)),
            string.Concat(
                Enumerable.Repeat("application/openmetrics-text;version=9;escaping=values;q=0.1;a=\"\\\",", 15_000)),
        ];

        var usual = await GarbageAsync(endpoint, "*/*");

        foreach (var header in hostile)
            Assert.InRange(await GarbageAsync(endpoint, header), 0, usual + Slack);
        Assert.InRange(
            await GarbageAsync(endpoint, Enumerable.Repeat("text/plain;q=0.5", 60_000).ToArray()),
            0,
            usual + Slack);
    }

    /// <summary>What a scrape allocates beside its request and its header, at the least: the first ones of many
    /// compile.</summary>
    private static async Task<long> GarbageAsync(ScrapeEndpoint endpoint, StringValues header)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 50; i++)
        {
            var context = new DefaultHttpContext();
            context.Request.Method = "GET";
            context.Request.Headers.Accept = header;
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await endpoint.AnswerAsync(context);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return least;
    }

    private static async Task<long> BytesAsync(int series, ScrapeOptions options)
    {
        var registry = new Registry();
        var family = registry.Gauge("a", "Help.", "x");
        for (var i = 0; i < series; i++)
            family.With($"{i} {new string('x', 100)}").Set(1);
        var endpoint = new ScrapeEndpoint(options, () => registry);

        await ScrapeAsync(endpoint);
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await ScrapeAsync(endpoint);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Scrapes);
        }
        return least;
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
