using System.Net;
using System.Text.RegularExpressions;

namespace Instrumentator.Tests;

/// <summary>The responses to scrapes that fail, hang or exceed a limit. They do not delay later scrapes.</summary>
public sealed partial class ScrapeLimitTests
{
    private const string TimeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds";

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(TimeoutException))]
    public async Task What_a_source_throws_is_a_500_that_says_nothing_of_it(Type failure)
    {
        await using var app = await ScrapedApp.StartAsync();
        var scrape = await app.BeginAsync();
        await app.LooksAsync(1);

        app.Source[0].Fail((Exception)Activator.CreateInstance(failure, "secret")!);

        await AssertRefusedAsync(
            await scrape,
            HttpStatusCode.InternalServerError,
            "The metrics could not be rendered.\n");
        Assert.Single(
            app.Log.Of("Instrumentator"),
            line =>
                line
                == "Instrumentator Error 2 The metrics could not be rendered; the response to the scrape was 500. "
                    + "0 earlier failures were not logged: at most one is logged per minute.");
    }

    [Fact]
    public async Task Each_kind_of_failure_is_logged_once_a_minute_with_the_number_of_lines_left_out()
    {
        var fails = true;
        var never = new TaskCompletionSource<double>();
        await using var app = await ScrapedApp.StartAsync(
            source: new Waiting(() => fails ? throw new InvalidOperationException("secret") : never.Task));

        foreach (var seconds in new[] { 0, 1, 58, 0.9, 0.1, 600 })
        {
            app.Clock.Advance(TimeSpan.FromSeconds(seconds));
            fails = true;
            Assert.Equal(HttpStatusCode.InternalServerError, (await app.SendAsync("GET")).StatusCode);
            fails = false;
            var late = await app.SendAsync("GET", headers: (TimeoutHeader, "0.00000001"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        }

        Assert.Equal(
            ["Error 2 0", "Warning 3 0", "Error 2 3", "Warning 3 3", "Error 2 0", "Warning 3 0"],
            app.Log.Of("Instrumentator").Select(line => LeftOut().Replace(line, "${event} ${count}")));
        never.SetResult(0);
    }

    [Fact]
    public async Task What_a_source_throws_at_once_is_no_different()
    {
        await using var app = await ScrapedApp.StartAsync(
            source: new Blocking(() => throw new InvalidOperationException("secret")));

        await AssertRefusedAsync(
            await app.SendAsync("GET"),
            HttpStatusCode.InternalServerError,
            "The metrics could not be rendered.\n");
    }

    [Fact]
    public async Task What_is_refused_is_plain_text_whatever_the_reader_asked_for()
    {
        await using var app = await ScrapedApp.StartAsync(
            new ScrapeOptions { Gzip = true },
            new Blocking(() => throw new InvalidOperationException("secret")));

        using var response = await app.SendAsync(
            "GET",
            null,
            ("Accept", "application/vnd.google.protobuf"),
            ("Accept-Encoding", "gzip"));

        Assert.Empty(response.Content.Headers.ContentEncoding);
        await AssertRefusedAsync(response, HttpStatusCode.InternalServerError, "The metrics could not be rendered.\n");
    }

    [Fact]
    public async Task A_source_that_hangs_is_answered_when_the_reader_waits_no_longer()
    {
        await using var app = await ScrapedApp.StartAsync();
        var scrape = await app.BeginAsync((TimeoutHeader, "2.5"));
        await app.LooksAsync(1);

        app.Clock.Advance(TimeSpan.FromSeconds(2.4));
        Assert.False(scrape.IsCompleted);
        app.Clock.Advance(TimeSpan.FromSeconds(0.1));

        await AssertRefusedAsync(
            await scrape,
            HttpStatusCode.ServiceUnavailable,
            "The metrics were not rendered in time.\n");
        await Eventually.Holds(() => app.Source[0].IsGivenUp, () => "The work goes on.");
        Assert.Single(app.Log.Of("Instrumentator"));
    }

    [Fact]
    public async Task A_source_that_blocks_its_thread_holds_up_nobody()
    {
        using var goOn = new ManualResetEventSlim();
        await using var app = await ScrapedApp.StartAsync(
            source: new Blocking(() => goOn.Wait(TestContext.Current.CancellationToken)));
        var scrape = await app.BeginAsync((TimeoutHeader, "1"));

        app.Clock.Advance(TimeSpan.FromSeconds(1));

        await AssertRefusedAsync(
            await scrape,
            HttpStatusCode.ServiceUnavailable,
            "The metrics were not rendered in time.\n");
        goOn.Set();
    }

    [Fact]
    public async Task A_source_is_collected_on_threads_of_its_own_also_after_it_waited()
    {
        var ofPool = new System.Collections.Concurrent.ConcurrentBag<bool>();
        await using var app = await ScrapedApp.StartAsync(
            source: new Running(() => ofPool.Add(Thread.CurrentThread.IsThreadPoolThread)));

        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync("GET")).StatusCode);

        Assert.InRange(ofPool.Count, 2, 4);
        Assert.DoesNotContain(true, ofPool);
    }

    [Fact]
    public async Task What_is_left_to_itself_is_bounded()
    {
        const int Most = 1 + 4;
        await using var app = await ScrapedApp.StartAsync(new ScrapeOptions { MaxConcurrentScrapes = 1 });
        for (var i = 1; i <= Most; i++)
        {
            var scrape = await app.BeginAsync((TimeoutHeader, "1"));
            await app.LooksAsync(i);
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await AssertRefusedAsync(
                await scrape,
                HttpStatusCode.ServiceUnavailable,
                "The metrics were not rendered in time.\n");
            await app.DoneAsync(i);
        }

        await AssertRefusedAsync(
            await app.SendAsync("GET"),
            HttpStatusCode.ServiceUnavailable,
            "There are too many concurrent scrapes.\n");
        Assert.Equal(Most, app.Source.Count);

        // A place becomes free a moment after one of the renderings ends.
        app.Source[0].Finish();
        for (var i = 0; i < 1_000 && app.Source.Count == Most; i++)
        {
            _ = await app.BeginAsync((TimeoutHeader, "1"));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        await app.LooksAsync(Most + 1);
    }

    [Fact]
    public async Task A_source_that_blocks_its_thread_keeps_no_app_from_starting()
    {
        using var goOn = new ManualResetEventSlim();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator();
                app.MapGet("/x", () => "x");
            },
            it =>
                it.WithRegistry(
                    new Registry().Include(new Blocking(() => goOn.Wait(TestContext.Current.CancellationToken)))));

        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync("GET", "/x")).StatusCode);
        goOn.Set();
    }

    [Fact]
    public async Task A_reader_with_a_short_timeout_does_not_affect_one_with_a_longer_timeout()
    {
        await using var app = await ScrapedApp.StartAsync();
        var patient = await app.BeginAsync((TimeoutHeader, "10"));
        var impatient = await app.BeginAsync((TimeoutHeader, "1"));
        await app.LooksAsync(1);

        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await impatient).StatusCode);
        app.Source[0].Finish();

        Assert.Equal(HttpStatusCode.OK, (await patient).StatusCode);
    }

    [Fact]
    public async Task What_hangs_is_left_to_itself_after_the_upper_bound()
    {
        await using var app = await ScrapedApp.StartAsync(new() { Timeout = TimeSpan.FromSeconds(60) });
        var first = await app.BeginAsync((TimeoutHeader, "1e9"));
        await app.LooksAsync(1);
        app.Clock.Advance(TimeSpan.FromSeconds(59));
        var second = await app.BeginAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await first).StatusCode);
        Assert.Equal(1, app.Source.Count);

        // The second scrape still waits for the rendering that hangs. A new scrape does not.
        var third = await app.BeginAsync();
        await app.LooksAsync(2);
        app.Source[1].Finish(3);

        Assert.Contains(
            "held 3\n",
            await (await third).Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await second).StatusCode);
        app.Source[0].Finish();
    }

    [Fact]
    public async Task One_scrape_too_many_is_refused_until_another_one_is_done()
    {
        await using var app = await ScrapedApp.StartAsync(new() { MaxConcurrentScrapes = 2 });
        var away = new CancellationTokenSource();
        Task<HttpResponseMessage>[] scrapes = [await app.BeginAsync(), await app.BeginAsync(away)];
        await app.LooksAsync(1);

        await AssertBusyAsync(app);
        await AssertBusyAsync(app);
        await away.CancelAsync();
        await app.DoneAsync(3);
        var next = await app.BeginAsync();
        await AssertBusyAsync(app);
        app.Source[0].Fail(new InvalidOperationException("secret"));

        Assert.Equal(HttpStatusCode.InternalServerError, (await scrapes[0]).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await next).StatusCode);
        for (var i = 0; i < 5; i++)
        {
            await app.DoneAsync(i + 6);
            var later = await app.BeginAsync();
            await app.LooksAsync(i + 2);
            app.Source[i + 1].Finish();
            Assert.Equal(HttpStatusCode.OK, (await later).StatusCode);
        }
    }

    [Fact]
    public async Task A_scrape_that_is_still_being_sent_counts()
    {
        await using var app = await ScrapedApp.StartAsync(new() { MaxConcurrentScrapes = 1 }, new NoSource());
        var gauge = app.Registry.Gauge("padding", "Help.", "x");
        for (var i = 0; i < 9_000; i++)
            gauge.With($"{i} padding that makes it larger than what a connection takes at once");

        var slow = await app.SendAsync("GET");
        await AssertBusyAsync(app);
        await slow.Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
        await app.DoneAsync(2);

        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync("GET")).StatusCode);
    }

    [Fact]
    public async Task A_scrape_takes_the_place_of_a_reader_that_is_a_second_behind()
    {
        await using var app = await ScrapedApp.StartAsync(
            new() { MaxConcurrentScrapes = 1, SelfMetrics = true }, new NoSource());
        var gauge = app.Registry.Gauge("padding", "Help.", "x");
        for (var i = 0; i < 9_000; i++)
            gauge.With($"{i} padding that makes it larger than what a connection takes at once");

        var slow = await app.SendAsync("GET");
        await AssertBusyAsync(app);
        app.Clock.Advance(TimeSpan.FromSeconds(0.9));
        await AssertBusyAsync(app);
        app.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await (await app.SendAsync("GET")).Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<Exception>(() =>
            slow.Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken));
        await app.DoneAsync(4);
        Assert.Contains(
            "instrumentator_scrape_errors_total{reason=\"timeout\"} 1\n",
            await (await app.SendAsync("GET")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Instrumentator Warning 12 A reader of the metrics took its response too slowly",
            Assert.Single(app.Log.Of("Instrumentator")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("15", 15)]
    [InlineData("0.5", 0.5)]
    [InlineData("59.999", 59.999)]
    [InlineData("61", 60)]
    [InlineData("0.0000000000000001", 0)]
    [InlineData("99999999999999999999999999999", 60)]
    [InlineData("0", 60)]
    [InlineData("-1", 60)]
    [InlineData("NaN", 60)]
    [InlineData("Infinity", 60)]
    [InlineData("1e999", 60)]
    [InlineData("1e1", 60)]
    [InlineData("1,5", 60)]
    [InlineData("0x10", 60)]
    [InlineData("abc", 60)]
    [InlineData("", 60)]
    [InlineData(null, 60)]
    [InlineData("1;1", 60)]
    public void The_timeout_header_is_a_plain_decimal_number_up_to_the_limit(string? header, double seconds)
    {
        var lines = header is null ? default : new Microsoft.Extensions.Primitives.StringValues(header.Split(';'));

        Assert.Equal(TimeSpan.FromSeconds(seconds), ScrapeTimeout.Of(lines, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Invalid_options_fail_at_startup_with_all_errors()
    {
        var error = await Assert.ThrowsAsync<InvalidConfigException>(() =>
            ScrapedApp.StartAsync(new() { Timeout = TimeSpan.Zero, MaxConcurrentScrapes = 0, MaxBytes = 0 }));

        Assert.Equal(
            [
                "ScrapeOptions.Timeout is 00:00:00, but must be above 0 and at most one day. The default is 60 "
                    + "seconds.",
                "ScrapeOptions.MaxConcurrentScrapes is 0, but must be 1 or more. To have no metrics endpoint, remove "
                    + "MapInstrumentator.",
                "ScrapeOptions.MaxBytes is 0, but must be 1 or more. The default is 268435456.",
            ],
            error.Errors);
        await Assert.ThrowsAsync<InvalidConfigException>(() =>
            ScrapedApp.StartAsync(new() { Timeout = Timeout.InfiniteTimeSpan }));
        await Assert.ThrowsAsync<InvalidConfigException>(() =>
            ScrapedApp.StartAsync(new() { Timeout = TimeSpan.MaxValue }));
    }

    private static async Task AssertBusyAsync(ScrapedApp app) =>
        await AssertRefusedAsync(
            await app.SendAsync("GET"),
            HttpStatusCode.ServiceUnavailable,
            "There are too many concurrent scrapes.\n");

    private static async Task AssertRefusedAsync(HttpResponseMessage response, HttpStatusCode status, string text)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(text.Length, response.Content.Headers.ContentLength);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(text, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [GeneratedRegex(
        @"^Instrumentator (?<event>\w+ \d+) .* (?<count>\d+) earlier .*$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeftOut();

    private sealed class Running(Action run) : IMetricCollector
    {
        public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default)
        {
            run();
            await Task.Delay(1, cancellationToken);
            run();
            return [];
        }
    }

    private sealed class Waiting(Func<Task<double>> wait) : IMetricCollector
    {
        public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default)
        {
            await wait();
            return [];
        }
    }

    private sealed class Blocking(Action block) : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default)
        {
            block();
            return ValueTask.FromResult<ValueList<FamilySnapshot>>([]);
        }
    }
}
