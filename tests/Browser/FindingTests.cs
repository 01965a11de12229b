using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>The page says which handler fails, which is slow, and since when.</summary>
public sealed class FindingTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Nothing_stands_out_in_calm_traffic()
    {
        var page = await OpenAsync(await StartAfterAsync(calm: 120, then: 0));

        await LivePage.ContainsTextAsync(page.Findings, "Nothing stands out");
        await Assertions.Expect(page.Findings.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_handler_that_fails_is_named_with_its_onset()
    {
        var app = await StartAfterAsync(
            calm: 100, then: 20, new Traffic("POST", "/orders") { Seconds = 0.05, Status = 500 });

        var page = await OpenAsync(app);

        var finding = page.Findings.GetByRole(AriaRole.Button).First;
        await LivePage.ContainsTextAsync(finding, "Failing");
        await LivePage.ContainsTextAsync(finding, "POST /orders");
        await LivePage.ContainsTextAsync(finding, "50 % fail with a 5xx status (20 of 40)");
        await LivePage.ContainsTextAsync(finding, "since 09:01:40");
        await finding.ClickAsync();
        await Assertions.Expect(page.Region("Details of POST /orders")).ToBeVisibleAsync();
        await Assertions.Expect(page.Row("POST /orders").GetByRole(AriaRole.Button)).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_handler_that_recovered_is_named_with_start_and_end()
    {
        var app = await StartAfterAsync(
            calm: 60, then: 10, new Traffic("POST", "/orders") { Seconds = 0.05, Status = 500 });
        await SendAsync(app, seconds: 60, null);

        var page = await OpenAsync(app);

        var finding = page.Findings.GetByRole(AriaRole.Button).First;
        await LivePage.ContainsTextAsync(finding, "Recovered");
        await LivePage.ContainsTextAsync(finding, "from 09:01:00 until 09:01:10");
    }

    [Fact]
    public async Task A_handler_that_got_slower_is_named_with_the_change()
    {
        var app = await StartAfterAsync(calm: 300, then: 0);
        for (var second = 0; second < 60; second++)
        {
            await app.SendAsync(new("GET", "/products") { Seconds = 0.02 });
            await app.SendAsync(new("POST", "/orders") { Seconds = 0.2 });
            app.Pass();
        }

        var page = await OpenAsync(app);

        var finding = page.Findings.GetByRole(AriaRole.Button).First;
        await LivePage.ContainsTextAsync(finding, "Slower");
        await LivePage.ContainsTextAsync(finding, "POST /orders");
        await LivePage.ContainsTextAsync(finding, "4 times as long as before");
        await LivePage.ContainsTextAsync(finding, "since 09:05:00");
    }

    [Fact]
    public async Task A_slow_handler_is_named_with_its_duration()
    {
        var app = await StartAsync();
        for (var second = 0; second < 60; second++)
        {
            await app.SendAsync(new("GET", "/products") { Seconds = 0.02 });
            await app.SendAsync(new("POST", "/orders") { Seconds = 1.5 });
            app.Pass();
        }

        var page = await OpenAsync(app);

        var finding = page.Findings.GetByRole(AriaRole.Button).First;
        await LivePage.ContainsTextAsync(finding, "Slow");
        await LivePage.ContainsTextAsync(finding, "POST /orders");
        await LivePage.ContainsTextAsync(finding, "1.5 s");
        await LivePage.ContainsTextAsync(finding, "since the app started");
    }

    private async Task<PageApp> StartAfterAsync(int calm, int then, Traffic? besides = null)
    {
        var app = await StartAsync();
        await SendAsync(app, calm, null);
        await SendAsync(app, then, besides);
        return app;
    }

    private static async Task SendAsync(PageApp app, int seconds, Traffic? besides)
    {
        for (var second = 0; second < seconds; second++)
        {
            await app.SendAsync(new("GET", "/products") { Seconds = 0.02 });
            await app.SendAsync(new("POST", "/orders") { Seconds = 0.05 });
            if (besides is not null)
                await app.SendAsync(besides);
            app.Pass();
        }
    }
}
