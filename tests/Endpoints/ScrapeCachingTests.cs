namespace Instrumentator.Tests;

/// <summary>No cache stores a scrape, even where it stores all other responses.</summary>
public sealed class ScrapeCachingTests
{
    [Theory]
    [InlineData("GET", false)]
    [InlineData("GET", true)]
    [InlineData("HEAD", false)]
    [InlineData("HEAD", true)]
    public async Task A_scrape_forbids_caches_to_store_it(string method, bool gzip)
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator();
            app.MapInstrumentator(options: new() { Gzip = gzip });
            app.MapGet("/x", () => "x");
        });
        await app.SendAsync("GET", "/x");
        app.Client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");

        using var response = await app.SendAsync(method, "/metrics");

        Assert.Equal(gzip ? ["gzip"] : [], response.Content.Headers.ContentEncoding);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public Task Output_caching_stores_no_scrape() => AssertNoScrapeIsStoredAsync(app => app.UseOutputCache());

    [Fact]
    public Task Output_caching_before_routing_stores_no_scrape() => AssertNoScrapeIsStoredAsync(app =>
    {
        app.UseOutputCache();
        app.UseRouting();
    });

    [Fact]
    public Task Output_caching_stores_no_scrape_for_a_policy_of_the_endpoint() =>
        AssertNoScrapeIsStoredAsync(app => app.UseOutputCache(), endpoint => endpoint.CacheOutput());

    [Fact]
    public Task Response_caching_stores_no_scrape() => AssertNoScrapeIsStoredAsync(app => app.UseResponseCaching());

    private static async Task AssertNoScrapeIsStoredAsync(
        Action<WebApplication> useCache, Action<IEndpointConventionBuilder>? configure = null)
    {
        var answers = 0;
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                useCache(app);
                app.Use((context, next) =>
                {
                    context.Response.Headers.CacheControl = "public, max-age=600";
                    return next(context);
                });
                app.MapGet("/x", () => ++answers);
                configure?.Invoke(app.MapInstrumentator());
                app.MapInstrumentator();
            },
            services: builder => builder.Services
                .AddResponseCaching()
                .AddOutputCache(options => options.AddBasePolicy(policy => policy.Cache())));

        Assert.Contains("_highr_seconds_count 1\n", await ScrapeAfterRequestAsync(app));
        Assert.Contains("_highr_seconds_count 2\n", await ScrapeAfterRequestAsync(app));
        app.Client.DefaultRequestHeaders.Accept.ParseAdd("application/openmetrics-text;version=1.0.0");
        Assert.EndsWith("# EOF\n", await ScrapeAfterRequestAsync(app), StringComparison.Ordinal);
        Assert.Equal(1, answers);
    }

    private static async Task<string> ScrapeAfterRequestAsync(TestApp app)
    {
        await app.SendAsync("GET", "/x");
        using var response = await app.SendAsync("GET", "/metrics");
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
