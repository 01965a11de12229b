using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Instrumentator.Browser;

/// <summary>The page runs its one script under a policy that forbids everything else.</summary>
public sealed partial class PolicyTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task The_policy_allows_one_script_and_one_style_by_their_hashes()
    {
        var app = await StartAsync();
        using var response = await GetAsync(app, app.Page);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var script = Assert.Single(Script().Matches(html)).Groups["text"].Value;
        var style = Assert.Single(Style().Matches(html)).Groups["text"].Value;

        Assert.Equal(
            $"default-src 'none'; script-src '{HashOf(script)}'; style-src '{HashOf(style)}'; connect-src 'self'; "
                + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                + "require-trusted-types-for 'script'; trusted-types 'none'",
            Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("document.body.innerHTML = '<p>'", "TrustedHTML")]
    [InlineData("document.createElement('script').text = '1'", "TrustedScript")]
    [InlineData("new DOMParser().parseFromString('<p>', 'text/html')", "TrustedHTML")]
    [InlineData("trustedTypes.createPolicy('mine', {})", "createPolicy")]
    public async Task Code_that_makes_markup_or_script_of_text_is_stopped(string code, string reason)
    {
        var page = await OpenAsync(await StartAsync());

        var error = await page.Tab.EvaluateAsync<string>(
            $$"""() => { try { {{code}}; return "nothing" } catch (error) { return error.message } }""");

        Assert.Contains(reason, error + string.Concat(page.Faults.All), StringComparison.Ordinal);
        Assert.NotEmpty(page.Faults.All);
        page.Faults.Forgive();
    }

    [Fact]
    public async Task An_injected_style_or_request_elsewhere_is_stopped()
    {
        var page = await OpenAsync(await StartAsync());

        var color = await page.Tab.EvaluateAsync<string>(
            """
            () => {
              document.body.setAttribute("style", "color: rgb(1, 2, 3)");
              return getComputedStyle(document.body).color;
            }
            """);
        var answer = await page.Tab.EvaluateAsync<string>(
            "() => fetch('http://example.invalid/').then(() => 'sent', error => error.message)");

        Assert.NotEqual("rgb(1, 2, 3)", color);
        Assert.Equal("Failed to fetch", answer);
        Assert.Contains(page.Faults.All, fault => fault.Contains("connect-src", StringComparison.Ordinal));
        page.Faults.Forgive();
    }

    [Theory]
    [InlineData("", "/metrics-live")]
    [InlineData("/shop", "/metrics-live")]
    [InlineData("/shop/blue", "/admin/live")]
    public async Task The_page_finds_its_data_below_itself(string pathBase, string path)
    {
        var app = await StartAsync(new() { PathBase = pathBase, PagePath = path });
        await app.SendAsync(new("GET", "/orders") { Times = 4 });
        app.Pass(5);

        var page = await OpenAsync(app);
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "4 requests");

        await page.Tab.GotoAsync($"{app.Page}/?query=1#fragment");
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "4 requests");
    }

    [Fact]
    public async Task The_page_and_its_data_are_not_measured()
    {
        var app = await StartAsync();
        app.Pass(5);
        var page = await OpenAsync(app);

        app.Pass(5);
        await page.UpdateAsync();
        await page.UpdateAsync();

        await LivePage.ContainsTextAsync(page.Findings, "No requests yet");
        Assert.DoesNotContain("metrics-live", app.Registry.ToText(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> GetAsync(PageApp app, Uri address) =>
        await app.Client.GetAsync(address, TestContext.Current.CancellationToken);

    private static string HashOf(string text) =>
        $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    [GeneratedRegex(@"<script[^>]*>(?<text>[^\0]*?)</script>", RegexOptions.NonBacktracking)]
    private static partial Regex Script();

    [GeneratedRegex(@"<style[^>]*>(?<text>[^\0]*?)</style>", RegexOptions.NonBacktracking)]
    private static partial Regex Style();
}
