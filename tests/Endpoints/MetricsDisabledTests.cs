using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Tests;

/// <summary>A request with <see cref="IHttpMetricsTagsFeature.MetricsDisabled"/> leaves no trace, wherever the app sets
/// it.</summary>
public sealed class MetricsDisabledTests
{
    private static readonly Dictionary<string, Func<Config, Config>> _paths = new(StringComparer.Ordinal)
    {
        ["direct"] = config => config with { LongLived = null },
        ["tracked"] = config => config,
        ["tracked with gauge"] = config => config with { InProgress = new() { Labels = true } },
        ["tracked with bodies"] = config => config with { BodySizes = BodySizes.Actual },
    };

    public static TheoryData<string, bool, string> Requests =>
        new MatrixTheoryData<string, bool, string>(
            _paths.Keys, [false, true], ["/handler", "/later", "/boom", "/error", "/outside", "/inside", "/nowhere"]);

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task It_leaves_no_trace(string path, bool isRoutingLater, string request)
    {
        using var listener = Listen();
        var functions = 0;
        await using var app = await StartAsync(path, isRoutingLater, () => functions++);

        await app.TrySendAsync("GET", request);
        await app.TrySendAsync("GET", "/measured");

        Assert.Equal(["GET /measured 2xx 1"], app.Requests());
        Assert.Equal(1, functions);
        Assert.All(app.Series("http_requests_inprogress", _ => ""), series => Assert.Equal(" 0", series));
        Assert.All(app.Series("http_request_duration_highr_seconds", _ => ""), series => Assert.Equal(" 1", series));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_error_page_that_opts_out_does_not_hide_the_request_that_failed(bool isOutside)
    {
        using var listener = Listen();
        await using var app = await TestApp.StartAsync(app =>
        {
            if (!isOutside)
                app.UseInstrumentator();
            app.UseStatusCodePagesWithReExecute("/error").UseExceptionHandler("/error");
            if (isOutside)
                app.UseInstrumentator();
            app.UseRouting();
            app.MapGet("/boom", string () => throw new InvalidOperationException("boom"));
            app.MapGet("/teapot", () => Results.StatusCode(StatusCodes.Status418ImATeapot));
            app.MapGet("/error", () => "error").DisableHttpMetrics();
        });

        await app.SendAsync("GET", "/boom");
        await app.SendAsync("GET", "/teapot");
        await app.SendAsync("GET", "/error");

        Assert.Equal(["GET /boom 5xx 1", "GET /teapot 4xx 1"], app.Requests());
    }

    private static Task<TestApp> StartAsync(string path, bool isRoutingLater, Action count) => TestApp.StartAsync(
        app =>
        {
            if (!isRoutingLater)
                app.UseRouting();
            app.Use((context, next) => DisableAsync(context, next, "/outside"));
            app.UseInstrumentator();
            app.Use((context, next) => DisableAsync(context, next, "/inside"));
            app.Use((context, next) => DisableAsync(context, next, "/nowhere"));
            app.MapGet("/handler", Disable);
            app.MapGet("/later", async (HttpContext context) =>
            {
                await Task.Yield();
                Disable(context);
            });
            app.MapGet("/boom", string (HttpContext context) =>
            {
                Disable(context);
                throw new InvalidOperationException("boom");
            });
            app.MapGet("/error", (HttpContext context) =>
            {
                Disable(context);
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            });
            app.MapGet("/outside", () => "outside");
            app.MapGet("/inside", () => "inside");
            app.MapGet("/measured", () => "measured");
        },
        it => it.With(_paths[path]).AndAlso(Metrics.From(_ => count())));

    private static Task DisableAsync(HttpContext context, RequestDelegate next, string path)
    {
        if (context.Request.Path == path)
            Disable(context);
        return next(context);
    }

    private static void Disable(HttpContext context) =>
        context.Features.GetRequiredFeature<IHttpMetricsTagsFeature>().MetricsDisabled = true;

    // As OpenTelemetry and dotnet-counters do: the feature exists only then.
    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, it) =>
            {
                if (instrument.Name == "http.server.request.duration")
                    it.EnableMeasurementEvents(instrument);
            },
        };
        listener.Start();
        return listener;
    }
}
