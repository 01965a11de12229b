using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>The table of handlers is sorted, filtered and opened.</summary>
public sealed class HandlerTableTests(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly string[] _busiest = ["GET /products", "POST /orders", "DELETE /orders", "GET /reports"];

    [Fact]
    public async Task The_busiest_handler_is_first()
    {
        var page = await OpenAfterTrafficAsync();

        await OrderIsAsync(page, _busiest);
        await SortedAsync(page, "Requests/s", "descending");
    }

    [Theory]
    [InlineData("Busiest", "GET /products", "POST /orders", "DELETE /orders", "GET /reports")]
    [InlineData("Slowest", "GET /reports", "POST /orders", "DELETE /orders", "GET /products")]
    [InlineData("Most failing", "POST /orders", "GET /products", "DELETE /orders", "GET /reports")]
    public async Task Three_buttons_bring_the_most_conspicuous_to_the_top(string name, params string[] order)
    {
        var page = await OpenAfterTrafficAsync();

        await page.Button(name).ClickAsync();

        if (name == "Most failing")
            await Assertions.Expect(page.HandlerButtons.First).ToHaveAccessibleNameAsync(order[0]);
        else
            await OrderIsAsync(page, order);
        await Assertions.Expect(page.Button(name)).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task A_column_header_sorts_and_then_turns_the_order_around()
    {
        var page = await OpenAfterTrafficAsync();

        await page.Sort("Handler").ClickAsync();
        await OrderIsAsync(page, "DELETE /orders", "POST /orders", "GET /products", "GET /reports");
        await SortedAsync(page, "Handler", "ascending");

        await page.Sort("Handler").ClickAsync();
        await OrderIsAsync(page, "GET /reports", "GET /products", "POST /orders", "DELETE /orders");
        await SortedAsync(page, "Handler", "descending");

        await page.Sort("p95").ClickAsync();
        await Assertions.Expect(page.HandlerButtons.First).ToHaveAccessibleNameAsync("GET /reports");
        await SortedAsync(page, "p95", "descending");
    }

    [Theory]
    [InlineData("orders", "POST /orders", "DELETE /orders")]
    [InlineData("delete", "DELETE /orders")]
    [InlineData("get reports", "GET /reports")]
    [InlineData("5xx", "POST /orders")]
    [InlineData("4xx", "DELETE /orders")]
    [InlineData("slow", "GET /reports")]
    public async Task The_filter_keeps_rows_with_all_its_words(string filter, params string[] rows)
    {
        var page = await OpenAfterTrafficAsync();

        await page.Filter.FillAsync(filter);
        await OrderIsAsync(page, rows);

        await page.Filter.FillAsync("");
        await OrderIsAsync(page, _busiest);
    }

    [Fact]
    public async Task A_filter_without_a_match_says_so()
    {
        var page = await OpenAfterTrafficAsync();

        await page.Filter.FillAsync("<nothing>");

        await Assertions.Expect(page.HandlerButtons).ToHaveCountAsync(0);
        await LivePage.ContainsTextAsync(page.Region("Handlers"), "No handler matches.");
    }

    [Fact]
    public async Task The_details_of_a_handler_open_below_its_row_and_stay_open()
    {
        var (app, page) = await OpenWithAppAsync();
        var button = page.Row("POST /orders").GetByRole(AriaRole.Button);

        await button.ClickAsync();

        await Assertions.Expect(button).ToHaveAttributeAsync("aria-expanded", "true");
        var details = page.Region("Details of POST /orders");
        foreach (var heading in (string[])["Requests", "Latency", "Distribution", "Sizes"])
        {
            var title = details.GetByRole(AriaRole.Heading, new() { Level = 3, Name = heading, Exact = true });
            await Assertions.Expect(title).ToBeVisibleAsync();
        }

        await app.SendAsync(new("POST", "/orders") { Times = 50 });
        app.Pass(5);
        await page.UpdateAsync();
        await LivePage.HasTextAsync(page.Cell("POST /orders", "rate"), "3.7");
        await Assertions.Expect(details).ToBeVisibleAsync();

        await button.ClickAsync();
        await Assertions.Expect(details).ToBeHiddenAsync();
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-expanded", "false");
    }

    [Fact]
    public async Task A_handler_without_requests_in_the_window_is_shown_on_demand()
    {
        var app = await StartAsync(new() { Routes = ["/products", "/reports"] });
        await app.SendAsync(new("GET", "/reports"));
        app.Pass(65);
        await app.SendAsync(new("GET", "/products"));
        app.Pass(5);
        var page = await OpenAsync(app);
        await page.ShowWindowAsync("1 min");
        await OrderIsAsync(page, "GET /products");

        await page.Button("Show 1 idle handler").ClickAsync();

        await OrderIsAsync(page, "GET /products", "GET /reports");
    }

    private async Task<LivePage> OpenAfterTrafficAsync() => (await OpenWithAppAsync()).Page;

    private async Task<(PageApp App, LivePage Page)> OpenWithAppAsync()
    {
        var app = await StartAsync(new() { Routes = ["/orders", "/products", "/reports"] });
        await app.SendAsync(new("GET", "/products") { Times = 20, Seconds = 0.01 });
        await app.SendAsync(new("POST", "/orders") { Times = 3, Seconds = 0.2 });
        await app.SendAsync(new("POST", "/orders") { Times = 2, Seconds = 0.2, Status = 503 });
        await app.SendAsync(new("DELETE", "/orders") { Times = 4, Seconds = 0.04, Status = 404 });
        await app.SendAsync(new("GET", "/reports") { Times = 3, Seconds = 2 });
        app.Pass(5);
        return (app, await OpenAsync(app));
    }

    private static async Task OrderIsAsync(LivePage page, params string[] rows)
    {
        await Assertions.Expect(page.HandlerButtons).ToHaveCountAsync(rows.Length);
        for (var i = 0; i < rows.Length; i++)
            await Assertions.Expect(page.HandlerButtons.Nth(i)).ToHaveAccessibleNameAsync(rows[i]);
    }

    private static async Task SortedAsync(LivePage page, string column, string direction)
    {
        var sorted = page.Handlers.Locator("[aria-sort]");
        await Assertions.Expect(sorted).ToHaveCountAsync(1);
        await Assertions.Expect(sorted).ToHaveAttributeAsync("aria-sort", direction);
        await Assertions.Expect(sorted).ToHaveAccessibleNameAsync(column);
    }
}
