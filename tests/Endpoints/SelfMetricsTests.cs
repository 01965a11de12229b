using System.Net;

namespace Instrumentator.Tests;

/// <summary>What scrapes tell of scrapes, where one asks for it.</summary>
public sealed class SelfMetricsTests
{
    private static readonly ScrapeOptions _on = new() { SelfMetrics = true };

    [Fact]
    public async Task They_are_not_there_unless_asked_for()
    {
        await using var app = await ScrapedApp.StartAsync(source: new NoSource());

        Assert.Equal("", await ScrapeAsync(app));
    }

    [Fact]
    public async Task They_stand_at_the_end_and_tell_of_the_scrapes_before()
    {
        await using var app = await ScrapedApp.StartAsync(_on);
        app.Registry.Counter("a", "Help.", "x").With("1").Increment();
        var first = await app.BeginAsync();
        await app.LooksAsync(1);
        app.Clock.Advance(TimeSpan.FromSeconds(2.5));
        app.Source[0].Finish();
        var text = await TextAsync(await first);

        var second = await app.BeginAsync();
        await app.LooksAsync(2);
        app.Source[1].Finish();

        Assert.Equal(Scrape(count: 0, seconds: 0, bytes: 0, series: 1), text);
        Assert.Equal(Scrape(count: 1, seconds: 2.5, bytes: text.Length, series: 1), await TextAsync(await second));
    }

    [Fact]
    public async Task Many_that_are_rendered_once_are_many_scrapes()
    {
        await using var app = await ScrapedApp.StartAsync(_on);
        Task<HttpResponseMessage>[] scrapes = [await app.BeginAsync(), await app.BeginAsync(), await app.BeginAsync()];
        await app.LooksAsync(1);
        app.Source[0].Finish();
        await Task.WhenAll(scrapes);

        Assert.Contains(
            "instrumentator_scrape_duration_seconds_count 3\n",
            await FinishedAsync(app),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_size_is_that_of_the_body_as_it_is_sent_and_HEAD_has_none()
    {
        await using var app = await ScrapedApp.StartAsync(_on with { Gzip = true }, new NoSource());
        var zipped = await (
            await app.SendAsync("GET", headers: ("Accept-Encoding", "gzip"))
        ).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        await app.SendAsync("HEAD");

        var text = await ScrapeAsync(app);

        Assert.Contains("instrumentator_scrape_duration_seconds_count 2\n", text, StringComparison.Ordinal);
        Assert.Contains(
            $"instrumentator_scrape_size_bytes_count 1\ninstrumentator_scrape_size_bytes_sum {zipped.Length}\n",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_are_counted_by_their_reason_and_those_who_go_away_are_none()
    {
        await using var app = await ScrapedApp.StartAsync(_on with { MaxConcurrentScrapes = 1 });
        var late = await app.BeginAsync(("X-Prometheus-Scrape-Timeout-Seconds", "1"));
        await app.SendAsync("GET");
        await app.SendAsync("GET");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await late).StatusCode);
        await app.DoneAsync(3);
        var failing = await app.BeginAsync();
        await app.LooksAsync(2);
        app.Source[1].Fail(new InvalidOperationException());
        await failing;
        await app.DoneAsync(4);
        var away = new CancellationTokenSource();
        await app.BeginAsync(away);
        await away.CancelAsync();
        await app.DoneAsync(5);

        var text = await FinishedAsync(app);

        Assert.Contains("_total{reason=\"failed\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("_total{reason=\"timeout\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("_total{reason=\"busy\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("instrumentator_scrape_duration_seconds_count 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_endpoints_of_one_registry_show_them_once()
    {
        var registry = new Registry();
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapInstrumentator(options: _on with { Registry = registry });
            app.MapInstrumentator("/other", _on with { Registry = registry });
        });

        await app.SendAsync("GET", "/metrics");
        var response = await app.SendAsync("GET", "/other");

        Assert.Contains(
            "instrumentator_scrape_duration_seconds_count 1\n",
            await TextAsync(response),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_found_no_place_in_the_registry_is_counted()
    {
        var registry = new Registry(seriesLimit: 2);
        await using var app = await TestApp.StartAsync(app =>
            app.MapInstrumentator(options: _on with { Registry = registry }));
        foreach (var value in new[] { "a", "b", "a", "c", "d", "c" })
            registry.Gauge("a", "Help.", "x").With(value).Set(1);

        var text = await TextAsync(await app.SendAsync("GET", "/metrics"));

        // Two of their own, the one that takes the rest, and the one that counts what it takes.
        Assert.Contains("instrumentator_registry_series 4\n", text, StringComparison.Ordinal);
        Assert.Contains("instrumentator_series_dropped_total{metric=\"a\"} 3\n", text, StringComparison.Ordinal);
    }

    /// <summary>Where the two calls stand, and which registry is shown.</summary>
    public static TheoryData<string> Orders =>
        [
            "middleware first",
            "endpoint first",
            "no middleware",
            "given to the middleware later",
            "another registry",
            "in a group",
        ];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_metric_of_that_name_is_an_error_at_the_start_that_shows_both(string order)
    {
        var registry = new Registry();
        registry.Gauge("instrumentator_registry_series", "Mine.");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(order, registry));

        Assert.Contains(
            "Registered: Gauge instrumentator_registry_series \"Mine.\"",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Requested: Gauge instrumentator_registry_series \"Number of series",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task So_is_one_that_is_registered_after_the_start(string order)
    {
        var registry = new Registry();
        await using var app = await StartAsync(order, registry);

        var error = Assert.Throws<InvalidOperationException>(() =>
            registry.Counter("instrumentator_scrape_errors", "Mine."));

        Assert.Contains(
            "Requested: Counter instrumentator_scrape_errors_total \"Mine.\"",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "instrumentator_scrape_errors_total",
            await TextAsync(await app.SendAsync("GET", "/metrics")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Their_names_are_free_where_nobody_asks_for_them()
    {
        var registry = new Registry();
        registry.Gauge("instrumentator_registry_series", "Mine.").Set(5);
        await using var app = await StartAsync("endpoint first", registry, new ScrapeOptions());

        Assert.Contains(
            "\ninstrumentator_registry_series 5\n",
            await TextAsync(await app.SendAsync("GET", "/metrics")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_does_not_fit_fails_the_scrape_and_the_log_names_it()
    {
        await using var app = await ScrapedApp.StartAsync(source: new BadSource());

        var response = await app.SendAsync("GET");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("The metrics could not be rendered.\n", await TextAsync(response));
        Assert.StartsWith(
            "Instrumentator Error 2 ",
            Assert.Single(app.Log.Of("Instrumentator")),
            StringComparison.Ordinal);
    }

    private static Task<TestApp> StartAsync(string order, Registry registry, ScrapeOptions? options = null)
    {
        options ??= _on;
        return TestApp.StartAsync(
            app =>
            {
                if (order is "middleware first" or "another registry" or "in a group")
                    app.UseInstrumentator();
                if (order == "in a group")
                {
                    app.MapGroup("/").MapInstrumentator(options: options);
                }
                else
                {
                    app.MapInstrumentator(
                        options: order == "another registry" ? options with { Registry = registry } : options);
                }

                if (order == "endpoint first")
                    app.UseInstrumentator();
                if (order == "given to the middleware later")
                    app.UseInstrumentator(Instrumentation.Default.WithRegistry(registry));
            },
            it => order is "another registry" or "given to the middleware later" ? it : it.WithRegistry(registry));
    }

    private sealed class BadSource : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<ValueList<FamilySnapshot>>([null!]);
    }

    /// <summary>A scrape, whose source is asked once more.</summary>
    private static async Task<string> FinishedAsync(ScrapedApp app)
    {
        var looks = app.Source.Count;
        var scrape = await app.BeginAsync();
        await app.LooksAsync(looks + 1);
        app.Source[looks].Finish();
        return await TextAsync(await scrape);
    }

    private static async Task<string> ScrapeAsync(ScrapedApp app) => await TextAsync(await app.SendAsync("GET"));

    private static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private static string Scrape(int count, double seconds, int bytes, int series) =>
        FormattableString.Invariant(
            $$"""
                # HELP a_total Help.
                # TYPE a_total counter
                a_total{x="1"} 1
                # HELP held Which look it was.
                # TYPE held gauge
                held 1
                # HELP instrumentator_scrape_duration_seconds Time from the request of a scrape until its response was ready to be sent, in seconds.
                # TYPE instrumentator_scrape_duration_seconds summary
                instrumentator_scrape_duration_seconds_count {{count}}
                instrumentator_scrape_duration_seconds_sum {{seconds}}
                # HELP instrumentator_scrape_size_bytes Size of the response bodies of scrapes as sent, in bytes.
                # TYPE instrumentator_scrape_size_bytes summary
                instrumentator_scrape_size_bytes_count {{count}}
                instrumentator_scrape_size_bytes_sum {{bytes}}
                # HELP instrumentator_scrape_errors_total Scrapes whose response had no metrics.
                # TYPE instrumentator_scrape_errors_total counter
                instrumentator_scrape_errors_total{reason="failed"} 0
                instrumentator_scrape_errors_total{reason="timeout"} 0
                instrumentator_scrape_errors_total{reason="busy"} 0
                # HELP instrumentator_registry_series Number of series in the registry, without those of included collectors; a histogram is one series.
                # TYPE instrumentator_registry_series gauge
                instrumentator_registry_series {{series}}

                """);
}
