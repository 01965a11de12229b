using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>What the heatmap shows is there as text, too.</summary>
public sealed class HeatmapTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task A_sentence_sums_it_up()
    {
        var page = await OpenAfterTrafficAsync();

        await LivePage.ContainsTextAsync(
            page.Region("Latency"),
            "100 requests: half took at most about 19 ms, 95 % at most 375 ms, 99 % at most 475 ms.");
    }

    [Fact]
    public async Task A_table_has_the_count_of_each_cell()
    {
        var page = await OpenAfterTrafficAsync();

        await page.Tab.GetByText("As a table").ClickAsync();

        var table = page.Tab.GetByRole(AriaRole.Table, new() { Name = "Latency by time" });
        Assert.Equal(
            ["10 to 25 ms", "25 to 50 ms", "250 to 500 ms"],
            (await table.GetByRole(AriaRole.Columnheader).AllInnerTextsAsync())
                .Select(text => text.Replace('\u00A0', ' '))
                .Where(text => text is "10 to 25 ms" or "25 to 50 ms" or "250 to 500 ms"));
        var rows = await table.Locator("tbody tr").AllInnerTextsAsync();
        Assert.StartsWith("09:00:05\t10\t", rows[0], StringComparison.Ordinal);
        Assert.StartsWith("09:00:00\t90\t", rows[1], StringComparison.Ordinal);
        Assert.Contains("\t80\t10\t", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_mouse_reads_a_cell()
    {
        var page = await OpenAfterTrafficAsync();
        var box = (await page.Heatmap.BoundingBoxAsync())!;

        await page.Tab.Mouse.MoveAsync(box.X + box.Width - 2, box.Y + (box.Height / 2));

        await LivePage.ContainsTextAsync(page.Tab.Locator(".readout"), "09:00:05 to 09:00:10: ");
    }

    private async Task<LivePage> OpenAfterTrafficAsync()
    {
        var app = await StartAsync();
        await app.SendAsync(new("GET", "/orders") { Times = 80, Seconds = 0.02 });
        await app.SendAsync(new("GET", "/orders") { Times = 10, Seconds = 0.03 });
        app.Pass(4);
        await app.SendAsync(new("GET", "/orders") { Times = 10, Seconds = 0.3 });
        app.Pass(2);
        return await OpenAsync(app);
    }
}
