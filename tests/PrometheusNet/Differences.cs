using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>A difference from what prometheus-net counts. docs/coming-from-prometheus-net.md describes all of
/// them.</summary>
/// <param name="What">The difference and its reason.</param>
/// <param name="Configure">Configures the pipeline, and calls its second argument where the metrics middleware
/// belongs.</param>
/// <param name="Requests">The requests to send.</param>
/// <param name="Theirs">The series of prometheus-net afterwards, one line each: label values and value.</param>
/// <param name="Ours">Our series afterwards.</param>
internal sealed record CountingDifference(
    string What,
    Action<WebApplication, Action> Configure,
    (string Method, string Path)[] Requests,
    string[] Theirs,
    string[] Ours)
{
    public string Family { get; init; } = "http_requests_received_total";

    /// <summary>Our series in a registry of theirs, if they are others: it shows each gauge that was ever
    /// used.</summary>
    public string[]? OursOverTheirs { get; init; }
}

internal static class Differences
{
    public static CountingDifference[] All { get; } =
    [
        new(
            "An exception that nobody handled is a 500, which the client gets: the status still says 200 when it goes "
            + "by.",
            Routes,
            [("GET", "/boom/5"), ("GET", "/prepared")],
            ["200 GET - - /boom/{id} 1", "503 GET - - /prepared 1"],
            ["500 GET - - /boom/{id} 1", "500 GET - - /prepared 1"]),

        new("A bad request that is thrown is answered by the server with its own status.",
            Routes,
            [("GET", "/too-large")],
            ["200 GET - - /too-large 1"],
            ["413 GET - - /too-large 1"]),

        new("An error page inside does not take the place of the route that failed.",
            (app, measure) =>
            {
                measure();
                app.UseExceptionHandler("/error");
                Routes(app);
            },
            [("GET", "/boom/5")],
            ["500 GET - - /error 1"],
            ["500 GET - - /boom/{id} 1"]),

        new("Nor does a handler that has no route.",
            (app, measure) =>
            {
                measure();
                app.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsync("error")));
                Routes(app);
            },
            [("GET", "/boom/5")],
            ["500 GET - - - 1"],
            ["500 GET - - /boom/{id} 1"]),

        new("An error page outside is no second request.",
            (app, measure) =>
            {
                app.UseExceptionHandler("/error");
                Routes(app, measure);
            },
            [("GET", "/boom/5")],
            ["200 GET - - /boom/{id} 1", "500 GET - - /error 1"],
            ["500 GET - - /boom/{id} 1"]),

        new("A status page inside does not take the place of the route that was asked for.",
            (app, measure) =>
            {
                measure();
                app.UseStatusCodePagesWithReExecute("/error");
                Routes(app);
            },
            [("GET", "/missing/5"), ("GET", "/nowhere"), ("POST", "/missing/5")],
            ["404 GET - - /error 2", "405 POST - - /error 1"],
            ["404 GET - - - 1", "404 GET - - /missing/{id} 1", "405 POST - - - 1"]),

        new("A status page outside is no second request.",
            (app, measure) =>
            {
                app.UseStatusCodePagesWithReExecute("/error");
                Routes(app, measure);
            },
            [("GET", "/missing/5"), ("GET", "/nowhere")],
            ["404 GET - - - 1", "404 GET - - /error 2", "404 GET - - /missing/{id} 1"],
            ["404 GET - - - 1", "404 GET - - /missing/{id} 1"]),

        new("Methods that are none are one label, for clients choose them without end. Config.ExtraMethods names more.",
            Routes,
            [("PURGE", "/any"), ("X1", "/any"), ("X2", "/nowhere")],
            ["200 PURGE - - /any 1", "200 X1 - - /any 1", "404 X2 - - - 1"],
            ["200 _OTHER - - /any 2", "404 _OTHER - - - 1"]),

        new("A method in another case is the same method.",
            Routes,
            [("get", "/any"), ("Get", "/any"), ("GET", "/any")],
            ["200 GET - - /any 1", "200 Get - - /any 1", "200 get - - /any 1"],
            ["200 GET - - /any 3"]),

        new("A parameter that a client fills in is no label, were it called controller or action.",
            Routes,
            [("GET", "/by/a/b"), ("GET", "/by/c/d")],
            ["200 GET a b /by/{controller}/{action} 1", "200 GET c d /by/{controller}/{action} 1"],
            ["200 GET - - /by/{controller}/{action} 2"]),

        new("An empty template is /, so that it is not taken for a request without a route.",
            Routes,
            [("GET", "/"), ("GET", "/nowhere")],
            ["200 GET - - - 1", "404 GET - - - 1"],
            ["200 GET - - / 1", "404 GET - - - 1"]),

        new("Nor is a pattern without text, or an action that MVC chose for a fallback.",
            (app, measure) =>
            {
                measure();
                app.Map(
                    RoutePatternFactory.Pattern(
                        RoutePatternFactory.Segment(RoutePatternFactory.LiteralPart("parts"))),
                    () => "parts");
                app.MapFallbackToController("Index", "Plain");
            },
            [("GET", "/parts"), ("GET", "/any/thing")],
            ["200 GET - - - 1", "200 GET Plain Index - 1"],
            ["200 GET - - /parts 1", "200 GET Plain Index /Plain/Index 1"]),

        new("A status outside 100 to 599 is one label, other.",
            Routes,
            [("GET", "/status/600"), ("GET", "/status/999")],
            ["600 GET - - /status/{code} 1", "999 GET - - /status/{code} 1"],
            ["other GET - - /status/{code} 2"]),

        new("The metrics are told by the route, where there is one, and not by the path.",
            (app, measure) =>
            {
                measure();
                app.MapGet("/metrics", () => "metrics");
                app.MapPost("/{name}", () => "any");
            },
            [("GET", "/metrics"), ("GET", "/metrics/"), ("POST", "/metrics")],
            ["200 GET - - /metrics 1"],
            ["200 POST - - /{name} 1"]),

        new("An endpoint that says DisableHttpMetrics or DisableInstrumentation leaves no trace.",
            Routes,
            [("GET", "/hidden"), ("GET", "/health")],
            ["200 GET - - /health 1", "200 GET - - /hidden 1"],
            []),

        new("An endpoint can name its label.",
            Routes,
            [("GET", "/labelled")],
            ["200 GET - - /labelled 1"],
            ["200 GET - - a name 1"]),

        new("Static assets share a label, since their routes contain fingerprints.",
            Routes,
            [("GET", "/css/site.3f2a9c.css")],
            ["200 GET - - css/site.3f2a9c.css 1"],
            ["200 GET - - static assets 1"]),

        new("A parameter's default is no label either, nor is that of a pattern that was made by hand.",
            (app, measure) =>
            {
                measure();
                app.MapGet("/default/{controller=Home}", () => "default");
                app.Map(
                    RoutePatternFactory.Parse("/by-hand", new { controller = "Home" }, parameterPolicies: null),
                    () => "by hand");
            },
            [("GET", "/default"), ("GET", "/by-hand")],
            ["200 GET Home - /by-hand 1", "200 GET Home - /default/{controller=Home} 1"],
            ["200 GET - - /by-hand 1", "200 GET - - /default/{controller=Home} 1"]),

        new(
            "Middleware that puts another endpoint in the place of the one that was routed to, or none, does not "
            + "change the label.",
            (app, measure) =>
            {
                measure();
                app.Use((context, next) =>
                {
                    context.SetEndpoint(context.Request.Path == "/any" ? null : _other);
                    return next(context);
                });
                Routes(app);
            },
            [("GET", "/any"), ("GET", "/missing/5")],
            ["200 GET - - /other 1", "404 GET - - - 1"],
            ["200 GET - - /missing/{id} 1", "404 GET - - /any 1"]),

        new("Where routing stands later, a request in progress moves to its route when that is known.",
            (app, measure) =>
            {
                measure();
                app.UseRouting();
                Routes(app);
            },
            [("GET", "/any")],
            ["GET - - - 0"],
            ["GET - - /any 0"])
        {
            Family = "http_requests_in_progress",
            OursOverTheirs = ["GET - - - 0", "GET - - /any 0"],
        },
    ];

    private static readonly RouteEndpoint _other = new(
        context => context.Response.WriteAsync("other"),
        RoutePatternFactory.Parse("/other"),
        order: 0,
        EndpointMetadataCollection.Empty,
        displayName: null);

    private static void Routes(WebApplication app, Action measure)
    {
        measure();
        Routes(app);
    }

    private static void Routes(WebApplication app)
    {
        app.MapGet("", () => "root");
        app.MapGet("/boom/{id}", string () => throw new InvalidOperationException("boom"));
        app.MapGet("/prepared", string (HttpContext context) =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            throw new InvalidOperationException("boom");
        });
        app.MapGet(
            "/too-large",
            string () => throw new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge));
        app.MapGet("/missing/{id}", () => Results.NotFound());
        app.Map("/error", () => "error");
        app.Map("/any", () => "any");
        app.MapGet("/by/{controller}/{action}", () => "by");
        app.MapGet("/status/{code}", (HttpContext context, int code) => { context.Response.StatusCode = code; });
        app.MapGet("/hidden", () => "hidden").DisableInstrumentation();
        app.MapGet("/health", () => "healthy").DisableHttpMetrics();
        app.MapGet("/labelled", () => "named").WithHandlerLabel("a name");
        app.MapGet("css/site.3f2a9c.css", () => "body { }").WithMetadata(
            new StaticAssetDescriptor { Route = "css/site.3f2a9c.css", AssetPath = "css/site.css" });
    }
}
