using Instrumentator.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Instrumentator.EndToEnd;

/// <summary>The first error of a route, as a Prometheus server sees it.</summary>
public sealed class FirstErrorTests
{
    private const string Requests = "http_requests_total{handler=\"/fails\"}";
    private const string Errors = "http_requests_total{handler=\"/fails\",status=\"5xx\"}";
    private const string Increase = "increase(http_requests_total{handler=\"/fails\",status=\"5xx\"}[1m])";

    // Scrapes are a second apart, and increase() extrapolates by up to one at either end.
    private static readonly TimeSpan _someScrapes = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task With_series_at_0_the_first_error_ever_is_an_increase_of_about_1()
    {
        await using var app = await StartAsync(isInitialized: true);
        await using var prometheus = await PrometheusServer.StartAsync(("shop", app.Address));
        await prometheus.WaitForAsync($"count({Requests})", 2);
        Assert.Equal(0, await prometheus.ValueAsync(Errors));

        await FailAsync(app, prometheus);
        Assert.InRange(await prometheus.ValueAsync(Increase), 0.9, 1.3);
    }

    [Fact]
    public async Task Without_them_the_first_error_is_invisible()
    {
        await using var app = await StartAsync(isInitialized: false);
        await using var prometheus = await PrometheusServer.StartAsync(("shop", app.Address));
        await prometheus.WaitForAsync("up", 1);
        Assert.Empty(await prometheus.QueryAsync(Requests));

        await FailAsync(app, prometheus);
        Assert.Equal(0, await prometheus.ValueAsync(Increase));
    }

    private static Task<MeasuredApp> StartAsync(bool isInitialized) => MeasuredApp.StartAsync(
        app =>
        {
            app.UseInstrumentator();
            app.MapInstrumentator();
            app.MapGet("/fails", () => Results.StatusCode(500));
        },
        it => it.With(config => config with { InitializeSeries = isInitialized, GroupStatusCodes = true }));

    private static async Task FailAsync(MeasuredApp app, PrometheusServer prometheus)
    {
        await app.Client.GetAsync(new Uri("/fails", UriKind.Relative), TestContext.Current.CancellationToken);
        await prometheus.WaitForAsync(Errors, 1);
        await Task.Delay(_someScrapes, TestContext.Current.CancellationToken);
    }
}
