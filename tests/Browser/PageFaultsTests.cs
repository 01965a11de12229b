using Instrumentator.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Instrumentator.Browser;

/// <summary>The judge of all other tests sees what it must see.</summary>
public sealed class PageFaultsTests(Chromium chromium)
{
    private const string Strict = "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'";
    private const string Lax = "";

    [Theory]
    [InlineData(Strict, "<script>1</script>", "console: Executing inline script violates")]
    [InlineData(Strict, "<p style='color: red'>", "console: Applying inline style violates")]
    [InlineData(Strict, "<img src=/picture>", "console: Loading the image")]
    [InlineData(Lax, "<script>alert('hello')</script>", "dialog: hello")]
    [InlineData(Lax, "<script>throw new Error('oops')</script>", "exception: Error: oops")]
    [InlineData(Lax, "<script>console.warn('careful')</script>", "console: careful")]
    [InlineData(Lax, "<script>fetch('/page/other')</script>", "request: GET http://127.0.0.1:*/page/other")]
    [InlineData(Lax, "<p>no icon, so the browser asks for /favicon.ico", "console: Failed to load resource")]
    [InlineData(Lax, "<script src=//example.invalid/x.js></script>", "request: GET http://example.invalid/x.js")]
    public async Task A_fault_of_a_page_is_seen(string policy, string html, string fault)
    {
        var faults = await FaultsAsync(policy, html);

        Assert.Contains(faults, one => Matches(one, fault));
    }

    [Theory]
    [InlineData(Strict, "<p>text")]
    [InlineData(Lax, "<link rel=icon href=data:,><script>fetch('/page/data?run=1'); console.log('fine')</script>")]
    public async Task A_page_that_asks_for_its_data_only_has_no_faults(string policy, string html) =>
        Assert.Empty(await FaultsAsync(policy, html, atLeast: 0));

    private async Task<IReadOnlyCollection<string>> FaultsAsync(string policy, string html, int atLeast = 1)
    {
        await using var app = await ServeAsync(policy, html);
        var address = new Uri($"{app.Urls.Single()}/page");
        var context = await chromium.NewContextAsync(new());
        try
        {
            var faults = new PageFaults(context, address);
            var tab = await context.NewPageAsync();
            await tab.GotoAsync(address.AbsoluteUri);
            return await Poll.UntilAsync(
                () => Task.FromResult(faults.All), all => all.Count >= atLeast, TimeSpan.FromSeconds(10));
        }
        finally
        {
            await context.CloseAsync();
        }
    }

    private static async Task<WebApplication> ServeAsync(string policy, string html)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/page/data", () => "{}");
        app.MapGet("/page", (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = policy;
            return Results.Content($"<!doctype html><title>page</title>{html}", "text/html");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static bool Matches(string seen, string pattern) =>
        pattern.Split('*') is [var start, var end]
            ? seen.StartsWith(start, StringComparison.Ordinal) && seen.EndsWith(end, StringComparison.Ordinal)
            : seen.StartsWith(pattern, StringComparison.Ordinal);
}
