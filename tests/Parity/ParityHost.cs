using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Parity;

/// <summary>The test app on an in-memory server, instrumented as in a scenario.</summary>
internal sealed class ParityHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ScriptedClock _clock = new();

    private ParityHost(Scenario scenario, Instrumentation instrumentation, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting().AddSingleton<TimeProvider>(_clock).AddInstrumentator(instrumentation);
        _app = builder.Build();
        _app.Use(AnswerExceptionsAsync);
        _app.UseInstrumentator();
        _app.Use(StartResponseAsync);
        map(_app);
        if (scenario.Expose is { } expose)
            Expose(expose);
    }

    /// <summary>Builds and starts it; what is invalid throws here.</summary>
    public static async Task<ParityHost> StartAsync(
        Scenario scenario,
        Instrumentation instrumentation,
        Action<WebApplication> map,
        CancellationToken cancellationToken)
    {
        var host = new ParityHost(scenario, instrumentation, map);
        await host._app.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>Sends a request; done when the app is.</summary>
    public async Task<(Answer Answer, IHeaderDictionary Headers, byte[] Body)> SendAsync(
        Roundtrip roundtrip,
        CancellationToken cancellationToken)
    {
        var context = await _app.GetTestServer().SendAsync(roundtrip.Configure, cancellationToken);
        using var body = new MemoryStream();
        await context.Response.Body.CopyToAsync(body, cancellationToken);
        await roundtrip.Completed.WaitAsync(cancellationToken);
        var headers = context.Response.Headers;
        var answer = new Answer
        {
            Status = context.Response.StatusCode,
            Raises = Texts.Of(roundtrip.Raised),
            Location = Texts.Of(headers.Location),
            ContentLength = Texts.Of(headers["Content-Length"]),
            Bytes = new Count(body.Length.ToString()),
        };
        return (answer, headers, body.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private void Expose(ExposeArguments arguments)
    {
        // The original measures its own scrapes.
        var options = new ScrapeOptions { Gzip = arguments.ShouldGzip, Measured = true };
        var endpoint = _app.MapInstrumentator(arguments.Endpoint, options);
        if (!arguments.IncludeInSchema)
            endpoint.ExcludeFromDescription();
        if (arguments.Tags is { } tags)
            endpoint.WithTags(tags);
    }

    /// <summary>The middleware outside the instrumentation: it sets the clock, and responds to exceptions.</summary>
    private async Task AnswerExceptionsAsync(HttpContext context, RequestDelegate next)
    {
        var roundtrip = context.Features.GetRequiredFeature<Roundtrip>();
        _clock.Enter(roundtrip.Clock);

        // Callbacks run in reverse order, so these two run last.
        context.Response.OnCompleted(() => Completed(roundtrip.Complete));
        context.Response.OnStarting(() => Completed(() => roundtrip.Clock.IsStartingResponse = false));
        try
        {
            await next(context);
        }
        catch (Exception e)
        {
            roundtrip.Raised = e;
            if (!context.Response.HasStarted)
                await AnswerAsync(context.Response, "Internal Server Error");
        }
    }

    /// <summary>The middleware inside the instrumentation: it gives an empty response a length, and starts the
    /// response.</summary>
    private static async Task StartResponseAsync(HttpContext context, RequestDelegate next)
    {
        var (response, clock) = (context.Response, context.Features.GetRequiredFeature<Roundtrip>().Clock);
        response.OnStarting(() => Completed(() => clock.IsStartingResponse = true));
        await next(context);
        if (response.HasStarted)
            return;
        if (response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
            response.ContentLength ??= 0;
        await response.StartAsync();
    }

    private static async Task AnswerAsync(HttpResponse response, string text)
    {
        response.Clear();
        response.StatusCode = StatusCodes.Status500InternalServerError;
        response.ContentLength = text.Length;
        await response.Body.WriteAsync(Encoding.ASCII.GetBytes(text));
    }

    private static Task Completed(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
