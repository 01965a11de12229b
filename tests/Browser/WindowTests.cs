namespace Instrumentator.Browser;

/// <summary>The windows of 1, 5 and 15 minutes, with the history from before the page was opened.</summary>
public sealed class WindowTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Each_window_shows_its_own_minutes_whenever_the_page_is_opened()
    {
        var app = await StartAsync();
        await SendEachSecondAsync(app, seconds: 600, times: 1);
        await SendEachSecondAsync(app, seconds: 540, times: 2);
        await SendEachSecondAsync(app, seconds: 60, times: 3);

        var page = await OpenAsync(app);

        await ShowsAsync(page, "5 min", "5 min: 2.2/s", requests: "660 requests");
        await page.ShowWindowAsync("15 min");
        await ShowsAsync(page, "15 min", "15 min: 1.7/s", requests: "1,560 requests");
        await page.ShowWindowAsync("1 min");
        await ShowsAsync(page, "1 min", "1 min: 3/s", requests: "180 requests");
        await LivePage.HasTextAsync(page.Value("Requests"), "3/s");
    }

    [Fact]
    public async Task What_is_older_than_the_window_leaves_it()
    {
        var app = await StartAsync();
        await SendEachSecondAsync(app, seconds: 60, times: 2);
        var page = await OpenAsync(app);
        await page.ShowWindowAsync("1 min");
        await ShowsAsync(page, "1 min", "1 min: 2/s", requests: "120 requests");

        await SendEachSecondAsync(app, seconds: 50, times: 0);
        await page.UpdateAsync();

        await LivePage.ContainsTextAsync(page.Tile("Requests"), "20 requests");
        await LivePage.HasTextAsync(page.Value("Requests"), "0/s");
    }

    [Fact]
    public async Task A_page_that_was_hidden_or_paused_for_minutes_catches_up()
    {
        var app = await StartAsync();
        await SendEachSecondAsync(app, seconds: 60, times: 1);
        var page = await OpenAsync(app);
        await page.ShowWindowAsync("1 min");
        await page.Button("Pause").ClickAsync();
        await LivePage.HasTextAsync(page.Status, "Paused");

        await SendEachSecondAsync(app, seconds: 200, times: 2);
        await page.Tab.Clock.RunForAsync(5_000);
        await ShowsAsync(page, "1 min", "1 min: 1/s", requests: "60 requests");

        await page.Button("Resume").ClickAsync();
        await LivePage.HasTextAsync(page.Status, "Live");
        await ShowsAsync(page, "1 min", "1 min: 2/s", requests: "120 requests");
        await page.ShowWindowAsync("5 min");
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "460 requests");
    }

    private static async Task SendEachSecondAsync(PageApp app, int seconds, int times)
    {
        for (var i = 0; i < seconds; i++)
        {
            await app.SendAsync(new("GET", "/products") { Times = times });
            app.Pass();
        }
    }

    private static async Task ShowsAsync(LivePage page, string window, string rate, string requests)
    {
        await LivePage.ContainsTextAsync(page.Tile("Requests"), rate);
        await LivePage.ContainsTextAsync(page.Tile("Requests"), requests);
        await Microsoft.Playwright.Assertions.Expect(page.Window(window)).ToBeCheckedAsync();
    }
}
