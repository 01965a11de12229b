using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.EndToEnd;

/// <summary>The log of an app whose readers cause failures as fast as they can.</summary>
public sealed class ScrapeLogTests
{
    private const string Timeout = "The metrics were not rendered in time; the response to the scrape was 503. "
        + "A collector that the registry includes may hang.";

    [Fact]
    public async Task Readers_that_never_wait_cause_one_line_a_minute()
    {
        var (log, clock) = (new LogTexts(), new FakeTimeProvider());
        await using var app = await LocalServer.StartAsync(_ => Build(log, clock));
        using var client = new HttpClient { BaseAddress = app.Address() };
        client.DefaultRequestHeaders.Add("X-Prometheus-Scrape-Timeout-Seconds", "0.00000001");

        var late = (await Task.WhenAll(LateAsync(client, 500), LateAsync(client, 500))).Sum();
        Assert.InRange(late, 2, 1_000);
        Assert.Equal([$"{Timeout} 0 earlier timeouts were not logged: at most one is logged per minute."], log);

        clock.Advance(TimeSpan.FromMinutes(1));
        while (await LateAsync(client, 1) == 0)
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        Assert.Equal(
            $"{Timeout} {late - 1} earlier timeouts were not logged: at most one is logged per minute.",
            log.Last());
        Assert.Equal(2, log.Count);
    }

    private static async Task<int> LateAsync(HttpClient client, int requests)
    {
        var late = 0;
        for (var i = 0; i < requests; i++)
        {
            using var response = await client.GetAsync("/metrics", TestContext.Current.CancellationToken);
            late += response.StatusCode == HttpStatusCode.ServiceUnavailable
                && await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
                == "The metrics were not rendered in time.\n" ? 1 : 0;
        }
        return late;
    }

    private static WebApplication Build(LogTexts log, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(clock);
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapInstrumentator(options: new() { Registry = new Registry() });
        return app;
    }
}
