using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>The numbers of the page are those of the traffic.</summary>
public sealed class NumberTests(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly double[] _quantiles = [0.5, 0.95, 0.99];

    [Fact]
    public async Task Tiles_show_the_last_ten_seconds_and_the_window()
    {
        var page = await OpenAfterMinuteAsync();

        await LivePage.HasTextAsync(page.Value("Requests"), "8/s");
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "1 min: 5.5/s");
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "330 requests");
        await LivePage.HasTextAsync(page.Value("Server errors"), "13 %");
        await LivePage.ContainsTextAsync(page.Tile("Server errors"), "1 min: 3 % (10)");
        await LivePage.ContainsTextAsync(page.Value("Data"), "6.1 kB/s");
        await LivePage.ContainsTextAsync(page.Tile("Data"), "400 B/s in");
        await LivePage.ContainsTextAsync(page.Tile("Data"), "1 min: 4.4 kB/s");
    }

    [Fact]
    public async Task The_latency_tile_shows_the_quantiles_that_Prometheus_computes()
    {
        var page = await OpenAfterMinuteAsync();
        var all = Shop.Durations(_ => true);
        var busy = all[^80..];

        await LivePage.HasTextAsync(page.Value("Latency"), Milliseconds(Buckets.HighResolution, busy, 0.95));
        await LivePage.ContainsTextAsync(page.Tile("Latency"), "p50 ≈ 20 ms");
        await LivePage.ContainsTextAsync(page.Tile("Latency"), "p99 490 ms");
        await LivePage.ContainsTextAsync(
            page.Tile("Latency"), $"1 min: {Milliseconds(Buckets.HighResolution, all, 0.95)}");
    }

    [Fact]
    public async Task A_row_of_a_handler_shows_its_rate_share_errors_and_durations()
    {
        var page = await OpenAfterMinuteAsync();
        var orders = Shop.Durations(traffic => traffic.Path == "/orders");

        await RowIsAsync(page, "POST /orders", ("rate", "1.2"), ("share", "21 %"));
        await RowIsAsync(page, "POST /orders", ("server", "14 %"), ("client", "0 %"));
        await RowIsAsync(page, "POST /orders", ("mean", "300 ms"), ("size", "50 B"));
        foreach (var quantile in _quantiles)
        {
            await LivePage.HasTextAsync(
                page.Cell("POST /orders", FormattableString.Invariant($"p{quantile * 100:0}")),
                $"≈ {Milliseconds(Buckets.LowResolution, orders, quantile)}");
        }
        await RowIsAsync(page, "GET /products", ("rate", "4.3"), ("share", "79 %"));
        await RowIsAsync(page, "GET /products", ("server", "0 %"), ("client", "0 %"));
        await RowIsAsync(page, "GET /products", ("mean", "20 ms"), ("size", "1 kB"));
        await RowIsAsync(page, "GET /products", ("p50", "< 100 ms"), ("p99", "< 100 ms"));
    }

    [Fact]
    public async Task Requests_slower_than_the_last_bound_take_more_than_it()
    {
        var app = await StartAsync();
        await app.SendAsync(new("GET", "/orders") { Times = 3, Seconds = 90, Status = 404 });
        app.Pass(5);

        var page = await OpenAsync(app);

        await LivePage.ContainsTextAsync(page.Tile("Latency"), "p50 > 60 s");
        await RowIsAsync(page, "GET /orders", ("mean", "1 min 30 s"), ("client", "100 %"));
        await RowIsAsync(page, "GET /orders", ("p50", "> 1 s"), ("p95", "> 1 s"));
    }

    [Fact]
    public async Task Requests_in_progress_and_long_lived_ones_are_shown_while_they_are_open()
    {
        var app = await StartAsync(Shop.Setup);
        await app.SendAsync(new("GET", "/orders"));
        var first = await app.HoldAsync(new("POST", "/orders"));
        var second = await app.HoldAsync(new("POST", "/orders"));
        var stream = await app.HoldAsync(new("GET", "/events") { IsStream = true });
        app.Pass(5);
        var page = await OpenAsync(app);

        await LivePage.ContainsTextAsync(page.Tile("In progress"), "+ 1 long-lived");
        await LivePage.HasTextAsync(page.Cell("POST /orders", "progress"), "2");
        await LivePage.HasTextAsync(page.Cell("GET /orders", "progress"), "0");
        await LivePage.ContainsTextAsync(page.Handlers, "1 long-lived");

        await app.ReleaseAsync(first);
        await app.ReleaseAsync(stream);
        app.Pass();
        await page.UpdateAsync();

        await LivePage.HasTextAsync(page.Value("In progress"), "1");
        await LivePage.ContainsTextAsync(page.Tile("In progress"), "no long-lived");
        await LivePage.HasTextAsync(page.Cell("POST /orders", "progress"), "1");
        await Assertions.Expect(page.Handlers).Not.ToContainTextAsync("1 long-lived");
        await app.ReleaseAsync(second);
    }

    [Fact]
    public async Task Processor_time_and_memory_are_shown_once_the_registry_includes_them()
    {
        var with = await OpenAsync(await StartAfterSecondsAsync(registry => registry.IncludeProcess()));
        var without = await OpenAsync(await StartAfterSecondsAsync(_ => { }));

        await Assertions.Expect(with.Value("CPU")).ToHaveTextAsync(AnyNumber("%"));
        await Assertions.Expect(with.Value("Memory")).ToHaveTextAsync(AnyNumber("MB"));
        foreach (var tile in (string[])["CPU", "Memory"])
        {
            await LivePage.HasTextAsync(without.Value(tile), "not measured");
            await LivePage.ContainsTextAsync(without.Tile(tile), "registry.IncludeProcess()");
        }
    }

    [Fact]
    public async Task New_requests_are_shown_after_a_second()
    {
        var app = await StartAsync();
        await app.SendAsync(new("GET", "/orders") { Times = 2 });
        app.Pass(5);
        var page = await OpenAsync(app);
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "2 requests");

        await app.SendAsync(new("GET", "/products") { Times = 3 });
        app.Pass(5);
        await page.UpdateAsync();

        await LivePage.ContainsTextAsync(page.Tile("Requests"), "5 requests");
        await Assertions.Expect(page.Row("GET /products")).ToBeVisibleAsync();
    }

    private async Task<LivePage> OpenAfterMinuteAsync()
    {
        var app = await StartAsync(Shop.Setup);
        await Shop.SendMinuteAsync(app);
        var page = await OpenAsync(app);
        await page.ShowWindowAsync("1 min");
        return page;
    }

    private async Task<PageApp> StartAfterSecondsAsync(Action<Registry> own)
    {
        var app = await StartAsync(new() { Own = own });
        app.Pass(5);
        return app;
    }

    private static async Task RowIsAsync(LivePage page, string row, params (string Column, string Text)[] cells)
    {
        foreach (var (column, text) in cells)
            await LivePage.HasTextAsync(page.Cell(row, column), text);
    }

    private static string Milliseconds(IReadOnlyList<double> bounds, double[] durations, double quantile) =>
        FormattableString.Invariant($"{Math.Round(Quantile.Of(bounds, durations, quantile) * 1_000)} ms");

    private static Regex AnyNumber(string unit) =>
        new($"^[0-9][0-9.,]*\\s{unit}$", RegexOptions.None, TimeSpan.FromSeconds(1));
}
