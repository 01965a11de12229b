using System.Net;
using Instrumentator.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Instrumentator.EndToEnd;

/// <summary>Scrapes larger than the limit, or than a buffer of .NET: they end, and are whole or refused.</summary>
[Collection(nameof(ScrapeSizeTests))]
[CollectionDefinition(nameof(ScrapeSizeTests), DisableParallelization = true)]
public sealed class ScrapeSizeTests
{
    private const string Protobuf = "application/vnd.google.protobuf";

    [Theory]
    [InlineData("text/plain", false, "/metrics")]
    [InlineData("text/plain", true, "/metrics")]
    [InlineData("application/openmetrics-text", false, "/metrics?name[]=own_seconds&name[]=small")]
    [InlineData(Protobuf, true, "/metrics")]
    [InlineData(Protobuf, false, "/metrics?name[]=small&name[]=own_seconds")]
    public async Task Over_the_limit_a_scrape_is_a_500_and_the_log_names_the_largest_family(
        string accept, bool gzip, string path)
    {
        var (registry, log) = (new Registry(), new LogTexts());
        registry.Gauge("small", "Help.").Set(1);
        Fill(registry, series: 1_400);
        registry.Gauge("last", "Help.").Set(1);
        await using var app = await StartAsync(registry, log, maxBytes: 1_000_000, gzip);
        using var client = new HttpClient { BaseAddress = app.Address() };

        using var refused = await SendAsync(client, HttpMethod.Get, path, accept);
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Equal(
            "The metrics could not be rendered.\n",
            await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var line = Assert.Single(log);
        Assert.Contains("ScrapeOptions.MaxBytes is 1,000,000. ", line, StringComparison.Ordinal);
        Assert.Contains("The largest family is own_seconds with ", line, StringComparison.Ordinal);

        using var small = await SendAsync(client, HttpMethod.Get, "/metrics?name[]=small&name[]=last", accept);
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
    }

    [Fact]
    public async Task A_family_of_an_included_collector_counts_like_any_other()
    {
        var (registry, log) = (new Registry(), new LogTexts());
        Fill(registry, series: 1);
        var included = new Registry();
        var family = included.Gauge("included", "Help.", "x");
        for (var i = 0; i < 2_000; i++)
            family.With($"{i}{new string('x', 1_000)}").Set(i);
        await using var app = await StartAsync(registry.Include(new Other(included)), log, maxBytes: 1_000_000);
        using var client = new HttpClient { BaseAddress = app.Address() };

        using var refused = await SendAsync(client, HttpMethod.Get, "/metrics", "text/plain");

        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Contains("The largest family is included with 2,0", Assert.Single(log), StringComparison.Ordinal);
    }

    // A thousand buckets with a label of a thousand characters are 1 MB of text.
    [Fact]
    public async Task A_scrape_past_a_gibibyte_needs_no_more_memory_than_the_limit()
    {
        var (registry, log) = (new Registry(), new LogTexts());
        Fill(registry, series: 1_400, buckets: 1_000);
        await using var app = await StartAsync(registry, log, maxBytes: 16 << 20);
        using var client = new HttpClient { BaseAddress = app.Address() };
        var before = GC.GetTotalAllocatedBytes();

        for (var i = 0; i < 5; i++)
        {
            using var refused = await SendAsync(client, HttpMethod.Get, "/metrics", "text/plain");
            Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        }

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
        Assert.StartsWith(
            "The metrics could not be rendered; the response to the scrape was 500. 0 earlier failures were not "
                + "logged: at most one is logged per minute. The scrape has more than 67,1",
            Assert.Single(log),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_above_a_gibibyte_is_kept_as_well()
    {
        Assert.SkipUnless(OutsidePrograms.IsCi, "The scrape takes 1.4 GB of memory. Set CI=true to run it here.");
        var registry = new Registry();
        Fill(registry, series: 1_400, buckets: 1_000);
        await using var app = await StartAsync(registry, new LogTexts(), maxBytes: 2L << 30);
        using var client = new HttpClient { BaseAddress = app.Address() };

        using var response = await SendAsync(client, HttpMethod.Head, "/metrics", "text/plain");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.InRange(response.Content.Headers.ContentLength!.Value, 1_400_000_000, 2L << 30);
    }

    private static void Fill(Registry registry, int series, int buckets = 3)
    {
        var bounds = ValueList.From(Enumerable.Range(1, buckets).Select(bound => (double)bound));
        var family = registry.Histogram("own_seconds", "By a long header.", bounds, "x");
        for (var i = 0; i < series; i++)
            family.With($"{i}{new string('x', 1_000)}").Observe(i);
    }

    private static Task<WebApplication> StartAsync(Registry registry, LogTexts log, long maxBytes, bool gzip = false) =>
        LocalServer.StartAsync(_ =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Warning);
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            app.MapInstrumentator(options: new() { Registry = registry, MaxBytes = maxBytes, Gzip = gzip });
            return app;
        });

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string path, string accept)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        return await client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private sealed class Other(Registry registry) : IMetricCollector
    {
        public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            (await registry.ScrapeAsync(cancellationToken)).Families;
    }
}
