using Instrumentator.Testing;
using Microsoft.AspNetCore.TestHost;

namespace Instrumentator.Tests;

/// <summary>Two calls of <c>MapInstrumentator</c> with one route are one endpoint, or an error.</summary>
public sealed class MappedTwiceTests
{
    [Fact]
    public async Task Equal_options_are_the_same_endpoint()
    {
        var registry = new Registry();
        await using var app = Build();

        var first = app.MapInstrumentator("/metrics", new() { Registry = registry, Gzip = true });

        Assert.Same(first, app.MapInstrumentator("metrics/", new() { Gzip = true, Registry = registry }));
        Assert.Same(app.MapInstrumentator("/a"), app.MapInstrumentator("/A", new()));
        Assert.NotSame(first, app.MapInstrumentator("/other", new() { Gzip = true }));
    }

    [Fact]
    public async Task Other_options_are_an_error_that_shows_both_and_the_way_out()
    {
        await using var app = Build();
        app.MapInstrumentator();

        var error = Assert.Throws<InvalidOperationException>(
            () => app.MapInstrumentator("/METRICS/", new() { Gzip = true, MaxConcurrentScrapes = 3 }));

        Assert.Matches(
            "^MapInstrumentator is called twice for /METRICS/, with different options\\. "
                + "First: ScrapeOptions \\{.* Gzip = False,.* MaxConcurrentScrapes = 16,.*\\}\\. "
                + "Then: ScrapeOptions \\{.* Gzip = True,.* MaxConcurrentScrapes = 3,.*\\}\\. "
                + "Remove one call, give both the same options, or use another route\\. "
                + "To have one route for two hosts or ports, map each endpoint in a group of its own: "
                + "app\\.MapGroup\\(\"\"\\)\\.MapInstrumentator\\(…\\)\\.RequireHost\\(…\\)\\.$",
            error.Message);
    }

    [Fact]
    public async Task Other_registries_are_an_error_that_says_so()
    {
        await using var app = Build();
        app.MapInstrumentator(options: new() { Registry = new() });

        var error = Assert.Throws<InvalidOperationException>(
            () => app.MapInstrumentator(options: new() { Registry = new() }));

        Assert.Contains("Their registries are different ones.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_after_the_error_returns_the_first_endpoint()
    {
        await using var app = Build();
        var first = app.MapInstrumentator();
        Assert.Throws<InvalidOperationException>(() => app.MapInstrumentator(options: new() { Gzip = true }));

        Assert.Same(first, app.MapInstrumentator());
    }

    [Fact]
    public async Task Groups_have_the_same_route_for_different_hosts()
    {
        var (inside, outside) = (new Registry(), new Registry());
        inside.Counter("inside_total", "Shown inside.").Increment();
        outside.Counter("outside_total", "Shown outside.").Increment();
        await using var app = Build();
        app.MapGroup("").MapInstrumentator(options: new() { Registry = inside }).RequireHost("inside");
        app.MapGroup("").MapInstrumentator(options: new() { Registry = outside }).RequireHost("outside");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = app.GetTestClient();

        foreach (var host in new[] { "inside", "outside" })
        {
            var text = await client.GetStringAsync(
                new Uri($"http://{host}/metrics"), TestContext.Current.CancellationToken);
            Assert.Equal(1, ParsedScrape.Parse(text).Value($"{host}_total"));
        }
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        return builder.Build();
    }
}
