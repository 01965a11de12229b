using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.EndToEnd;

/// <summary>Error pages before <c>UseInstrumentator</c>, on Kestrel: the record has the status that the client
/// got.</summary>
public sealed class ErrorPageTests
{
    private static readonly Dictionary<string, Action<IApplicationBuilder>> _pages = new(StringComparer.Ordinal)
    {
        ["none"] = _ => { },
        ["exception handler"] = app => app.UseExceptionHandler("/error"),
        ["exception handler, IExceptionHandler"] = app => app.UseExceptionHandler(),
        ["exception handler, no page"] = app => app.UseExceptionHandler("/nowhere"),
        ["developer page"] = app => app.UseDeveloperExceptionPage(),
        ["status pages"] = app => app.UseStatusCodePages(),
        ["status pages, redirects"] = app => app.UseStatusCodePagesWithRedirects("/status/{0}"),
        ["status pages, re-execute"] = app => app.UseStatusCodePagesWithReExecute("/status/{0}"),
        ["own, catches"] = app => app.Use(CatchAsync),
        ["own, throws"] = app => app.Use(ThrowAsync),
    };

    public static TheoryData<string, HttpProtocols> Pages =>
        new MatrixTheoryData<string, HttpProtocols>(_pages.Keys, [HttpProtocols.Http1, HttpProtocols.Http2]);

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_request_is_recorded_with_the_status_that_its_client_got(string page, HttpProtocols protocol)
    {
        await using var app = await StartAsync(page, protocol);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = app.Address,
            DefaultRequestVersion = protocol == HttpProtocols.Http1 ? new(1, 1) : new(2, 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var expected = new List<string>();

        foreach (var path in new[] { "/boom", "/later", "/bad", "/gone", "/fine" })
        {
            using var response = await client.GetAsync(
                new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            expected.Add($"{path} GET {(int)response.StatusCode} 1");
        }

        await app.ExpectAsync("http_requests_total", [.. expected]);
        await app.ExpectAsync("http_requests_inprogress", "0");
    }

    private static Task<MeasuredApp> StartAsync(string page, HttpProtocols protocol) => MeasuredApp.StartAsync(
        app =>
        {
            _pages[page](app);
            app.UseInstrumentator();
            app.MapGet("/boom", string () => throw new InvalidOperationException("boom"));
            app.MapGet("/later", async () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("later");
            });
            app.MapGet("/bad", string () => throw new Microsoft.AspNetCore.Http.BadHttpRequestException("bad", 413));
            app.MapGet("/gone", () => Results.StatusCode(410));
            app.MapGet("/fine", () => "fine");
            app.Map("/error", () => "error page");
            app.Map("/status/{code}", () => "status page");
        },
        it => it.With(config => config with { InProgress = new() }),
        services =>
        {
            services.AddProblemDetails();
            if (page == "exception handler, IExceptionHandler")
                services.AddExceptionHandler<Conflicts>();
        },
        protocol);

    private static async Task CatchAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (InvalidOperationException)
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
        }
    }

    private static async Task ThrowAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.StatusCode == StatusCodes.Status410Gone)
            throw new InvalidOperationException("outside");
    }

    private sealed class Conflicts : IExceptionHandler
    {
        public ValueTask<bool> TryHandleAsync(
            HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            httpContext.Response.StatusCode = StatusCodes.Status409Conflict;
            return new(exception is InvalidOperationException);
        }
    }
}
