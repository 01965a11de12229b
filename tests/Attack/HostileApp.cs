using System.Globalization;
using System.Net;
using Instrumentator.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Instrumentator.Attack;

/// <summary>What handlers throw on purpose.</summary>
internal sealed class DeliberateException() : Exception("on purpose");

/// <summary>An app on Kestrel with routes of every kind and all options on; it counts what comes in, outside of all
/// that measures.</summary>
internal sealed class HostileApp : IAsyncDisposable
{
    /// <summary>How many paths become labels.</summary>
    public const int PathLimit = 20;

    private readonly WebApplication _app;
    private readonly Arrivals _arrivals;

    private HostileApp(WebApplication app, Arrivals arrivals, AppLog log, Registry registry)
    {
        (_app, _arrivals, Log, Registry) = (app, arrivals, log, registry);
        Templates = ((IEndpointRouteBuilder)app)
            .DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .ToHashSet(StringComparer.Ordinal);
    }

    public Registry Registry { get; }

    public AppLog Log { get; }

    public Uri Address => _app.Address();

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Address.Port);

    /// <summary>The routes as they were written.</summary>
    public IReadOnlySet<string> Templates { get; }

    /// <summary>How many requests came in.</summary>
    public long Arrived => Interlocked.Read(ref _arrivals.In);

    /// <summary>How many of them are over.</summary>
    public long Left => Interlocked.Read(ref _arrivals.Out);

    public static async Task<HostileApp> StartAsync()
    {
        var (registry, log, arrivals) = (new Registry(), new AppLog(), new Arrivals());
        var app = await LocalServer.StartAsync(args => Build(args, registry, log, arrivals));
        return new(app, arrivals, log, registry);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static WebApplication Build(string[] args, Registry registry, AppLog log, Arrivals arrivals)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddRouting();
        var app = builder.Build();
        app.Use((context, next) => arrivals.CountAsync(() => next(context)));
        app.UseInstrumentator(Everything(registry));
        app.MapInstrumentator(
            options: new()
            {
                Gzip = true,
                SelfMetrics = true,
                Measured = true,
                MaxConcurrentScrapes = 8,
            });
        app.Map(
            "/Branch",
            branch =>
                branch.UseRouting().UseEndpoints(endpoints => endpoints.MapGet("/items/{id}", (string id) => id)));
        MapRoutes(app);
        return app;
    }

    private static Instrumentation Everything(Registry registry) =>
        Instrumentation
            .Default.WithRegistry(registry)
            .With(config =>
                config with
                {
                    GroupStatusCodes = false,
                    Untemplated = Untemplated.Path(PathLimit),
                    BodyHandlers = [""],
                    BodyLimit = 1_000,
                    InProgress = new() { Labels = true },
                    Exemplars = new() { Interval = TimeSpan.Zero },
                    IncludePathBase = true,
                    HandlerTemplate = HandlerTemplate.Raw,
                    LatencyDecimals = 3,
                })
            .Add(Metrics.Default(new() { Registry = registry, Native = new() }))
            .Add(Metrics.Requests(new() { Registry = registry, Name = "asked" }))
            .Add(
                Metrics.From(info =>
                    _ =
                        $"{info.Request.Header("Host")}{info.Request.Path}{info.Response.Header("Content-Type")}{info.Response.Body.Length}"))
            .AddAsync(async info =>
            {
                await Task.Yield();
                _ = $"{info.Request.Header("Accept")}{info.Response.Body.Length}";
            });

    private static void MapRoutes(WebApplication app)
    {
        app.MapGet("/plain", () => "plain");
        app.MapMethods("/head", ["HEAD"], (HttpContext context) => context.Response.ContentLength = 5);
        app.MapGet("/items/{id}", (string id) => id);
        app.MapGet("/numbers/{id:int:min(1)}", (int id) => id.ToString(CultureInfo.InvariantCulture));
        app.MapGet("/code/{code:regex(^[a-z]{{3}}$)}", (string code) => code);
        app.MapMethods("/rest/{**path}", ["GET", "DELETE", "PROPFIND"], (string? path) => path ?? "");
        app.MapPost(
            "/echo",
            async (HttpContext context) =>
                await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted));
        app.MapPost("/ignores-the-body", () => Results.NoContent());
        app.MapPut(
            "/form",
            async (HttpContext context) =>
                context.Request.HasFormContentType
                    ? (await context.Request.ReadFormAsync(context.RequestAborted)).Count
                    : 0);
        app.MapGet("/stream", StreamAsync);
        app.MapGet("/boom", string () => throw new DeliberateException());
        app.MapGet(
            "/late-boom",
            async (HttpContext context) =>
            {
                await context.Response.WriteAsync("begun");
                await context.Response.Body.FlushAsync();
                throw new DeliberateException();
            });
        app.MapGet(
            "/status/{code:int:range(200,599)}",
            (int code, HttpContext context) => context.Response.StatusCode = code);
        app.MapGet("/wait", async (HttpContext context) => await Task.Delay(100, context.RequestAborted));
        app.MapGet("/abort", (HttpContext context) => context.Abort());
        app.MapMethods("/upgrade", ["GET", "POST"], UpgradeAsync);
        MapGood(app.MapGroup("/good"));
    }

    // For clients that wait for every answer, and so can say how many there were.
    private static void MapGood(RouteGroupBuilder group)
    {
        group.MapGet("/{id:int}", (int id) => id);
        group.MapPost(
            "/echo",
            async (HttpContext context) =>
                await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted));
        group.MapGet("/stream", StreamAsync);
        group.MapGet("/boom", string () => throw new DeliberateException());
        group.MapMethods("/head", ["HEAD"], (HttpContext context) => context.Response.ContentLength = 5);
    }

    private static async Task StreamAsync(HttpContext context)
    {
        for (var i = 0; i < 5; i++)
        {
            await context.Response.WriteAsync($"chunk {i}\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static async Task UpgradeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }
        await using var stream = await upgrade.UpgradeAsync();
        await stream.WriteAsync("hello"u8.ToArray(), context.RequestAborted);
    }

    private sealed class Arrivals
    {
        public long In;
        public long Out;

        public async Task CountAsync(Func<Task> rest)
        {
            Interlocked.Increment(ref In);
            try
            {
                await rest();
            }
            finally
            {
                Interlocked.Increment(ref Out);
            }
        }
    }
}
