using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>What the page says when there is something to say.</summary>
public sealed class StateTests(Chromium chromium) : PageStates(chromium)
{
    [Fact]
    public async Task Without_traffic_it_says_how_to_send_some()
    {
        var page = await OpenStateAsync("no traffic");

        await LivePage.HasTextAsync(page.Status, "Live");
        await LivePage.ContainsTextAsync(page.Findings, "No requests yet");
        await LivePage.HasTextAsync(page.Value("Requests"), "0/s");
        await Assertions.Expect(page.Notice).ToBeHiddenAsync();
    }

    [Fact]
    public async Task It_says_that_it_loads_until_data_come()
    {
        var app = await StartAsync();
        app.HoldData();
        var page = await OpenEmptyAsync(app);
        await LivePage.HasTextAsync(page.Status, "Loading");
        await Assertions.Expect(page.Region("Now")).ToBeHiddenAsync();

        app.ReleaseData();

        await LivePage.HasTextAsync(page.Status, "Live");
        await Assertions.Expect(page.Region("Now")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_lost_connection_leaves_the_numbers_and_comes_back_with_what_was_missed(int? status)
    {
        var app = await StartAsync();
        await SendAsync(app);
        var page = await OpenAsync(app);
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "10 requests");
        page.Faults.MayLoseConnection = true;

        (app.IsCut, app.Refusal) = (status is null, status);
        await page.RunUntilAsync("Connection lost, trying again");
        await LivePage.ContainsTextAsync(page.Notice, "Connection lost at 09:00:0");
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "10 requests");

        (app.IsCut, app.Refusal) = (false, null);
        await SendAsync(app);
        await page.RunUntilAsync("Connected again");
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "20 requests");
        await Assertions.Expect(page.Notice).ToBeHiddenAsync();
        await page.RunUntilAsync("Live");
    }

    [Fact]
    public async Task An_app_that_restarted_starts_over()
    {
        var app = await StartAsync();
        await SendAsync(app);
        var page = await OpenAsync(app);
        await Assertions.Expect(page.Row("POST /orders")).ToBeVisibleAsync();
        page.Faults.MayLoseConnection = true;

        await app.StopAsync();
        await page.RunUntilAsync("Connection lost, trying again");
        await app.StartAgainAsync();
        await app.SendAsync(new("GET", "/products") { Times = 3 });
        app.Pass(5);
        await page.RunUntilAsync("App restarted");
        await LivePage.ContainsTextAsync(page.Notice, "Its history starts over.");
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "3 requests");
        await Assertions.Expect(page.HandlerButtons).ToHaveCountAsync(1);
        await page.Button("Dismiss").ClickAsync();
        await Assertions.Expect(page.Notice).ToBeHiddenAsync();
    }

    [Fact]
    public async Task It_says_that_the_metrics_are_switched_off()
    {
        var page = await OpenStateAsync("switched off");

        await LivePage.HasTextAsync(page.Status, "Metrics are off");
        await LivePage.ContainsTextAsync(page.Notice, "switched off");
        await Assertions.Expect(page.Region("Now")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task It_says_that_it_has_no_access_any_more(int status)
    {
        var app = await StartAsync();
        await SendAsync(app);
        var page = await OpenAsync(app);
        page.Faults.MayLoseConnection = true;

        app.Refusal = status;
        await page.UpdateAsync();

        await LivePage.HasTextAsync(page.Status, "No access");
        await LivePage.ContainsTextAsync(page.Notice, "No access any more");
        await Assertions.Expect(page.Notice.GetByRole(AriaRole.Link)).ToHaveAccessibleNameAsync("reload the page");
    }

    [Fact]
    public async Task Of_1000_handlers_it_shows_100_and_all_on_demand()
    {
        var page = await OpenStateAsync("1,000 handlers");

        await page.Button("Show all 1,000 handlers").ClickAsync();
        await Assertions.Expect(page.HandlerButtons).ToHaveCountAsync(1_000);

        await page.Filter.FillAsync("/r99");
        await Assertions.Expect(page.HandlerButtons).ToHaveCountAsync(11);
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "1,000 requests");
    }

    [Fact]
    public async Task Handlers_above_the_limit_share_a_row()
    {
        var app = await StartAsync(new()
        {
            Options = new() { MaxHandlers = 2 },
            Routes = ["/a", "/b", "/c", "/d"],
        });
        foreach (var path in (string[])["/a", "/b", "/c", "/d", "/d"])
            await app.SendAsync(new("GET", path));
        app.Pass(5);

        var page = await OpenAsync(app);

        await Assertions.Expect(page.HandlerButtons).ToHaveCountAsync(3);
        await LivePage.HasTextAsync(page.Cell("all other handlers", "share"), "60 %");
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "5 requests");
    }

    [Theory]
    [InlineData("no handler label", "all requests", "20 %", null)]
    [InlineData("another namespace", "POST /orders", "100 %", "≈ 480 ms")]
    [InlineData("native histograms", "POST /orders", "100 %", "348 ms")]
    [InlineData("prometheus-net", "POST /orders", "100 %", "499 ms")]
    [InlineData("OpenTelemetry", "POST /orders", "100 %", "488 ms")]
    public async Task Other_metrics_give_the_same_numbers(string state, string row, string failing, string? p95)
    {
        var page = await OpenStateAsync(state);

        await LivePage.ContainsTextAsync(page.Tile("Requests"), "10 requests");
        await LivePage.HasTextAsync(page.Value("Server errors"), "20 %");
        await LivePage.HasTextAsync(page.Cell(row, "server"), failing);
        if (p95 is null)
            return;
        await LivePage.HasTextAsync(page.Cell(row, "mean"), "300 ms");
        await LivePage.HasTextAsync(page.Cell(row, "p95"), p95);
    }
}
