using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>Metrics of the app's own, picked from a list.</summary>
public sealed class OwnMetricTests(Chromium chromium) : BrowserTest(chromium)
{
    private Family<Counter> _orders = null!;
    private Gauge _queue = null!;
    private Histogram _checkout = null!;
    private Summary _upload = null!;

    [Fact]
    public async Task A_counter_shows_the_rate_of_each_series_highest_first()
    {
        var (app, page) = await OpenAsync(_ =>
        {
            _orders.With("DE").Increment(2);
            _orders.With("AT").Increment(0.5);
            _orders.With("CH").Increment(5);
        });

        await ChooseAsync(page, "shop_orders_total", "Orders taken.");

        await SeriesAreAsync(page, ("CH", "5/s"), ("DE", "2/s"), ("AT", "0.5/s"));
        _orders.With("FR").Increment(6_000);
        app.Pass(5);
        await page.UpdateAsync();
        await LivePage.ContainsTextAsync(page.Series.First, "FR");
    }

    [Fact]
    public async Task A_gauge_shows_its_value()
    {
        var (app, page) = await OpenAsync(_ => _queue.Set(1_284));

        await ChooseAsync(page, "shop_queue_length", "Orders that wait.");
        await SeriesAreAsync(page, ("all", "1,284"));

        _queue.Set(-3);
        app.Pass(5);
        await page.UpdateAsync();
        await SeriesAreAsync(page, ("all", "-3"));
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "∞")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public async Task A_gauge_that_is_no_finite_number_shows_what_it_is(double value, string text)
    {
        var (_, page) = await OpenAsync(_ => _queue.Set(value));

        await ChooseAsync(page, "shop_queue_length", "Orders that wait.");

        await SeriesAreAsync(page, ("all", text));
    }

    [Fact]
    public async Task A_histogram_shows_its_mean_its_95th_percentile_and_its_rate()
    {
        double[] durations = [.. Enumerable.Range(1, 100).Select(i => i * 0.05)];
        var (_, page) = await OpenAsync(second =>
        {
            foreach (var duration in durations.Skip(second * 10).Take(10))
                _checkout.Observe(duration);
        });

        await ChooseAsync(page, "shop_checkout_seconds", "How long a checkout takes.");

        Assert.Equal(4.75, Quantile.Of([1, 2, 5], durations, 0.95), 6);
        await SeriesAreAsync(page, ("all", "mean 2.5 s"), ("all", "4.8 s"), ("all", "10/s"));
    }

    [Fact]
    public async Task A_summary_shows_its_mean_in_its_unit()
    {
        var (_, page) = await OpenAsync(_ => _upload.Observe(2_500));

        await ChooseAsync(page, "shop_upload_bytes", "Size of an upload.");

        await SeriesAreAsync(page, ("all", "mean 2.5 kB"), ("all", "1/s"));
    }

    [Fact]
    public async Task Series_above_the_limit_are_counted()
    {
        var app = await StartAsync(new() { Own = Register, Options = new() { MaxOwnSeries = 3 } });
        foreach (var country in (string[])["AT", "CH", "DE", "FR", "IT"])
            _orders.With(country).Increment();
        app.Pass(5);

        var page = await OpenAsync(app);

        await LivePage.ContainsTextAsync(page.Region("Own metrics"), "above the limit of 3 are not kept");
    }

    [Fact]
    public async Task The_choice_survives_a_reload()
    {
        var (_, page) = await OpenAsync(_ => _upload.Observe(1));
        await page.Metric.SelectOptionAsync("shop_upload_bytes");

        await page.Tab.ReloadAsync();

        await Assertions.Expect(page.Metric).ToHaveValueAsync("shop_upload_bytes");
    }

    [Fact]
    public async Task Metrics_of_requests_and_of_the_library_are_not_listed()
    {
        var (_, page) = await OpenAsync(_ =>
        {
            _queue.Set(1);
            _orders.With("DE").Increment();
        });

        var names = await page.Metric.EvaluateAsync<string[]>("list => [...list.options].map(option => option.value)");

        Assert.Equal(
            ["shop_checkout_seconds", "shop_orders_total", "shop_queue_length", "shop_upload_bytes"],
            names.Order(StringComparer.Ordinal));
    }

    /// <summary>Opens the page after ten seconds, in each of which the app records something.</summary>
    private async Task<(PageApp App, LivePage Page)> OpenAsync(Action<int> record)
    {
        var app = await StartAsync(new() { Own = Register });
        for (var second = 0; second < 10; second++)
        {
            record(second);
            app.Pass();
        }
        var page = await OpenAsync(app);
        await page.ShowWindowAsync("1 min");
        return (app, page);
    }

    private void Register(Registry registry)
    {
        _orders = registry.Counter("shop_orders_total", "Orders taken.", "country");
        _queue = registry.Gauge("shop_queue_length", "Orders that wait.");
        _checkout = registry.Histogram("shop_checkout_seconds", "How long a checkout takes.", [1, 2, 5]);
        _upload = registry.Summary("shop_upload_bytes", "Size of an upload.");
    }

    private static async Task ChooseAsync(LivePage page, string name, string help)
    {
        await page.Metric.SelectOptionAsync(name);
        await LivePage.ContainsTextAsync(page.Region("Own metrics"), help);
    }

    private static async Task SeriesAreAsync(LivePage page, params (string Label, string Text)[] series)
    {
        var labels = series.Select(one => one.Label).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var (label, text) in series)
        {
            var item = page.Series.Nth(Array.IndexOf(labels, label));
            await LivePage.ContainsTextAsync(item, label);
            await LivePage.ContainsTextAsync(item, text);
        }
    }
}
