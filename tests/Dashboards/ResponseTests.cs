using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Instrumentator.Tests;

/// <summary>The two responses of a page.</summary>
public sealed class ResponseTests
{
    [Theory]
    [InlineData("/metrics-live", "text/html; charset=utf-8")]
    [InlineData("/metrics-live/data?1m=-1", "application/json")]
    public async Task They_are_never_cached_and_have_their_type(string path, string type)
    {
        await using var app = await LiveApp.StartAsync();
        using var response = await app.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("/metrics-live")]
    [InlineData("/metrics-live/data")]
    public async Task HEAD_has_no_body(string path)
    {
        await using var app = await LiveApp.StartAsync();
        using var head = await app.SendAsync("HEAD", path);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.NotNull(head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/metrics-live")]
    [InlineData("/metrics-live/data")]
    public async Task Other_methods_are_not_allowed(string path)
    {
        await using var app = await LiveApp.StartAsync();
        using var response = await app.SendAsync("POST", path);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task The_policy_allows_the_script_and_the_style_of_the_page_and_nothing_else()
    {
        await using var app = await LiveApp.StartAsync();
        using var response = await app.GetAsync("/metrics-live");
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single().Split("; ");
        Assert.Equal(
            [
                "default-src 'none'",
                $"script-src '{HashOf(html, "script")}'",
                $"style-src '{HashOf(html, "style")}'",
                "connect-src 'self'",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types 'none'",
            ],
            policy);
    }

    [Fact]
    public async Task The_page_needs_nothing_from_elsewhere()
    {
        await using var app = await LiveApp.StartAsync();
        using var response = await app.GetAsync("/metrics-live");
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var addresses = Regex.Matches(html, "https?://[^\"'\\s]+", RegexOptions.None, TimeSpan.FromSeconds(5));
        Assert.All(addresses, one => Assert.Equal("http://www.w3.org/2000/svg", one.Value));
        Assert.DoesNotMatch("(?i)<(link|img|iframe|object)|\\ssrc=|\\sstyle=|\\son[a-z]+=\"", html);
    }

    [Fact]
    public async Task Neither_is_measured()
    {
        await using var app = await LiveApp.StartAsync();
        using var page = await app.GetAsync("/metrics-live");
        await app.PassAsync(2);
        Assert.DoesNotContain("metrics-live", await TextAsync(app), StringComparison.Ordinal);
        Assert.Equal(0, (await Viewer.OpenAsync(app)).Sum("1m", "requests"));
    }

    [Theory]
    [InlineData("?1m=9223372036854775807&names=2147483647&run=x")]
    [InlineData("?1m=-9223372036854775808&5m=many&15m=&names=-5")]
    [InlineData("?1m=99999999999999999999&names=99999999999999999999")]
    [InlineData("?1m=1&1m=2&names=1&names=2&run=a&run=b")]
    public async Task Any_query_gets_an_answer(string query)
    {
        await using var app = await LiveApp.StartAsync();
        await app.PassAsync(1);
        var data = await app.DataAsync(query);
        Assert.True(data.GetProperty("windows").TryGetProperty("1m", out _));
    }

    [Fact]
    public async Task Numbers_of_another_run_are_worth_nothing()
    {
        await using var app = await LiveApp.StartAsync();
        using var answered = await app.GetAsync("/h1/1");
        await app.PassAsync(3);
        var data = await app.DataAsync("?run=another&names=100&1m=1000");
        Assert.Equal(3, data.GetProperty("windows").GetProperty("1m").GetProperty("slots").GetArrayLength());
        Assert.Equal(2, data.GetProperty("names").GetArrayLength());
        Assert.False(data.GetProperty("windows").TryGetProperty("5m", out _), "Nobody asked for that window.");
    }

    [Fact]
    public async Task It_is_found_below_a_path_base()
    {
        await using var app = await LiveApp.StartAsync(configure: one =>
        {
            one.UsePathBase("/shop");
            one.UseRouting();
            one.MapInstrumentatorPage("/ops/live/");
        });
        foreach (var path in new[] { "/shop/ops/live", "/shop/ops/live/", "/shop/ops/live/data" })
        {
            using var response = await app.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static async Task<string> TextAsync(LiveApp app) => ExpositionFormat.Prometheus.ToText(
        await app.Registry.ScrapeAsync(TestContext.Current.CancellationToken));

    private static string HashOf(string html, string element)
    {
        var text = Regex.Match(
            html, $"<{element}[^>]*>(.*)</{element}>", RegexOptions.Singleline, TimeSpan.FromSeconds(5));
        return $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text.Groups[1].Value)))}";
    }
}
