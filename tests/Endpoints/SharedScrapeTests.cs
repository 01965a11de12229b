using System.Net;

namespace Instrumentator.Tests;

/// <summary>Scrapes at the same time are rendered once, and none of them is harmed by what becomes of
/// another.</summary>
public sealed class SharedScrapeTests
{
    private const int Many = 8;

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("identity", true)]
    [InlineData("gzip", false)]
    public async Task Many_at_once_are_rendered_once_and_get_the_same_bytes(string encoding, bool gzip)
    {
        await using var app = await ScrapedApp.StartAsync(new() { Gzip = gzip });
        app.Registry.Counter("padding_total", new string('x', 200));
        var scrapes = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < Many; i++)
            scrapes.Add(await app.BeginAsync(("Accept-Encoding", encoding)));
        await app.LooksAsync(1);

        app.Source[0].Finish();
        var bodies = await Task.WhenAll(scrapes.Select(async scrape => await BytesAsync(await scrape)));

        Assert.Equal(1, app.Source.Count);
        Assert.NotEmpty(bodies[0]);
        Assert.All(bodies, body => Assert.Equal(bodies[0], body));
    }

    [Fact]
    public async Task A_later_scrape_is_rendered_anew()
    {
        await using var app = await ScrapedApp.StartAsync();

        for (var i = 0; i < 3; i++)
        {
            var scrape = await app.BeginAsync();
            await app.LooksAsync(i + 1);
            app.Source[i].Finish(i);
            Assert.Contains($"held {i}\n", await TextAsync(await scrape), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_format_and_encoding_is_rendered_separately()
    {
        await using var app = await ScrapedApp.StartAsync(new() { Gzip = true });

        Task<HttpResponseMessage>[] scrapes =
        [
            await app.BeginAsync(),
            await app.BeginAsync(("Accept", "application/openmetrics-text")),
            await app.BeginAsync(("Accept-Encoding", "gzip")),
        ];
        await app.LooksAsync(3);
        for (var i = 0; i < 3; i++)
            app.Source[i].Finish();

        Assert.All(await Task.WhenAll(scrapes), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task One_that_goes_away_harms_nobody_whether_it_came_first_or_later(int leaver)
    {
        await using var app = await ScrapedApp.StartAsync();
        var away = new CancellationTokenSource();
        Task<HttpResponseMessage>[] scrapes =
        [
            await app.BeginAsync(leaver == 0 ? away : null),
            await app.BeginAsync(leaver == 1 ? away : null),
        ];
        await app.LooksAsync(1);

        await away.CancelAsync();
        await Task.WhenAny(scrapes[leaver]);
        Assert.False(app.Source[0].IsGivenUp);
        app.Source[0].Finish(5);

        Assert.Contains("held 5\n", await TextAsync(await scrapes[1 - leaver]), StringComparison.Ordinal);
        Assert.Equal(1, app.Source.Count);
    }

    [Fact]
    public async Task When_all_readers_disconnect_the_rendering_is_canceled_and_the_next_scrape_starts_anew()
    {
        await using var app = await ScrapedApp.StartAsync();
        var away = new CancellationTokenSource();
        Task<HttpResponseMessage>[] scrapes = [await app.BeginAsync(away), await app.BeginAsync(away)];
        await app.LooksAsync(1);

        await away.CancelAsync();
        await Eventually.Holds(() => app.Source[0].IsGivenUp, () => "The work goes on.");
        var next = await app.BeginAsync();
        await app.LooksAsync(2);
        app.Source[1].Finish(2);

        await Task.WhenAny(Task.WhenAll(scrapes));
        Assert.Contains("held 2\n", await TextAsync(await next), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_reaches_all_waiting_readers_and_no_later_one()
    {
        await using var app = await ScrapedApp.StartAsync();
        Task<HttpResponseMessage>[] scrapes = [await app.BeginAsync(), await app.BeginAsync()];
        await app.LooksAsync(1);

        app.Source[0].Fail(new InvalidOperationException("secret"));
        var failed = await Task.WhenAll(scrapes);
        var next = await app.BeginAsync();
        await app.LooksAsync(2);
        app.Source[1].Finish();

        Assert.All(failed, response => Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await next).StatusCode);
    }

    [Fact]
    public async Task A_slow_reader_gets_its_own_rendering_despite_later_scrapes()
    {
        await using var app = await ScrapedApp.StartAsync(source: new NoSource());
        var gauge = app.Registry.Gauge("padding", "Help.", "x");
        for (var i = 0; i < 9_000; i++)
            gauge.With($"{i} padding that makes it larger than what a connection takes at once");

        var slow = await app.SendAsync("GET");
        for (var i = 0; i < 10; i++)
        {
            gauge.With($"{i} padding that makes it larger than what a connection takes at once").Set(1);
            Assert.Contains("\"} 1\n", await TextAsync(await app.SendAsync("GET")), StringComparison.Ordinal);
        }

        var text = await TextAsync(slow);
        Assert.Equal(9_000, text.Split("\"} 0\n").Length - 1);
        Assert.DoesNotContain("\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_load_each_reader_that_stays_gets_a_whole_scrape()
    {
        await using var app = await ScrapedApp.StartAsync(new() { MaxConcurrentScrapes = 1_000 }, new NoSource());
        var counter = app.Registry.Counter("a_total", "Help.", "x");
        var (first, last) = (counter.With("first"), counter.With("last"));

        await Task.WhenAll(Enumerable.Range(0, Many).Select(reader => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                first.Increment();
                last.Increment();
                await ScrapeAsync(app, reader % 2 == 0 && i % 3 == 0);
            }
        })));

        Assert.Contains(
            $"a_total{{x=\"last\"}} {Many * 50}\n",
            await TextAsync(await app.SendAsync("GET")),
            StringComparison.Ordinal);
    }

    private static async Task ScrapeAsync(ScrapedApp app, bool leaves)
    {
        var away = new CancellationTokenSource();
        var scrape = app.SendAsync("GET", away);
        if (leaves)
            await away.CancelAsync();
        try
        {
            Assert.Matches(
                "^# HELP a_total Help.\n# TYPE a_total counter\na_total{x=\"first\"} \\d+\na_total{x=\"last\"} \\d+\n$",
                await TextAsync(await scrape));
        }
        catch (Exception e)
            when (leaves && e is OperationCanceledException or HttpRequestException or Xunit.Sdk.MatchesException)
        {
            // The reader has disconnected: the test server may have cut the response anywhere.
        }
    }

    private static Task<byte[]> BytesAsync(HttpResponseMessage response) =>
        response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    private static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}

/// <summary>A collector without families.</summary>
internal sealed class NoSource : IMetricCollector
{
    public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<ValueList<FamilySnapshot>>([]);
}
