using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;

namespace Instrumentator.OpenTelemetry.Tests;

/// <summary>A difference from what ASP.NET Core's own meter measures. docs/coming-from-opentelemetry.md describes all
/// of them.</summary>
/// <param name="What">The difference and its reason.</param>
/// <param name="Configure">Configures the pipeline, and calls its second argument where our middleware
/// belongs.</param>
/// <param name="Request">The request to send.</param>
/// <param name="Theirs">The series of OpenTelemetry's exporter afterwards, if any.</param>
/// <param name="Ours">Our series afterwards, if any.</param>
internal sealed record Difference(
    string What, Action<WebApplication, Action> Configure, Sent Request, string[] Theirs, string[] Ours);

internal static class Differences
{
    public static Difference[] All { get; } =
    [
        new("QUERY is a known method of the conventions, which ASP.NET Core 10 does not know yet.",
            Routes,
            new("QUERY", "/query"),
            [Series(method: "_OTHER", route: "/query")],
            [Series(method: "QUERY", route: "/query")]),

        new("Status codes are a closed set here.",
            Routes,
            new("GET", "/status/700"),
            [Series(status: "700", route: "/status/{code:int}")],
            [Series(status: "other", route: "/status/{code:int}")]),

        new("A scheme that a proxy forwards is that of the request; ASP.NET Core's meter reads it too early.",
            (app, measure) =>
            {
                measure();
                app.UseForwardedHeaders(new() { ForwardedHeaders = ForwardedHeaders.XForwardedProto });
                Routes(app);
            },
            new("GET", "/query"),
            [Series(route: "/query")],
            [Series(route: "/query", scheme: "https")]),

        new("An error page does not replace the route that failed.",
            (app, measure) =>
            {
                measure();
                app.UseStatusCodePagesWithReExecute("/query");
                app.UseRouting();
                Routes(app);
            },
            new("GET", "/status/503"),
            [Series(status: "503", route: "/query")],
            [Series(status: "503", route: "/status/{code:int}")]),

        new("An exception that the app's own IExceptionHandler handled is what went wrong all the same.",
            (app, measure) =>
            {
                measure();
                app.UseExceptionHandler("/query");
                app.UseRouting();
                Routes(app);
            },
            new("GET", "/teapot"),
            [Series(status: "418", route: "/teapot")],
            [Series(status: "418", route: "/teapot", error: typeof(TeapotException).FullName)]),

        new("A route that was built from parts has its parts as template.",
            Routes,
            new("GET", "/parts/5"),
            [Series(route: "parts/{id}")],
            [Series(route: "/parts/{id}")]),

        new("An action that MVC itself selects has no template; its names tell more than nothing.",
            Routes,
            new("GET", "/fallback"),
            [Series()],
            [Series(route: "/Plain/Index")]),

        new("Static assets share a label, since their routes contain fingerprints.",
            Routes,
            new("GET", "/css/site.3f2a9c.css"),
            [Series(route: "css/site.3f2a9c.css")],
            [Series(route: "static assets")]),

        new("WithHandlerLabel is this library's.",
            Routes,
            new("GET", "/named"),
            [Series(route: "/named")],
            [Series(route: "name")]),

        new("So is DisableInstrumentation. DisableHttpMetrics holds for both.",
            Routes,
            new("GET", "/disabled"),
            [Series(route: "/disabled")],
            []),

        new("Tags that an app adds to the metric are extra labels here.",
            Routes,
            new("GET", "/tagged"),
            [Series(route: "/tagged", more: ",z=\"tag\"")],
            [Series(route: "/tagged")]),

        new("Scrapes are not measured, unless ScrapeOptions.Measured is on.",
            (app, measure) =>
            {
                Routes(app, measure);
                app.MapInstrumentator("/scrape");
            },
            new("GET", "/scrape"),
            [Series(route: "/scrape")],
            []),
    ];

    private static void Routes(WebApplication app, Action measure)
    {
        measure();
        Routes(app);
    }

    private static void Routes(WebApplication app)
    {
        app.MapMethods("/query", ["QUERY", "GET"], () => "query");
        app.MapGet("/status/{code:int}", (HttpContext context, int code) => { context.Response.StatusCode = code; });
        app.MapGet("/boom", string () => throw new FormatException());
        app.MapGet("/teapot", string () => throw new TeapotException());
        app.Map(
            RoutePatternFactory.Pattern(
                RoutePatternFactory.Segment(RoutePatternFactory.LiteralPart("parts")),
                RoutePatternFactory.Segment(RoutePatternFactory.ParameterPart("id"))),
            () => "parts");
        app.MapFallbackToController("Index", "Plain");
        app.MapGet("/named", () => "named").WithHandlerLabel("name");
        app.MapGet("css/site.3f2a9c.css", () => "body { }").WithMetadata(
            new StaticAssetDescriptor { Route = "css/site.3f2a9c.css", AssetPath = "css/site.css" });
        app.MapGet("/disabled", () => "disabled").DisableInstrumentation();
        app.MapGet("/tagged", (HttpContext context) =>
            context.Features.GetRequiredFeature<IHttpMetricsTagsFeature>().Tags.Add(new("z", "tag")));
    }

    private static string Series(
        string method = "GET",
        string status = "200",
        string? route = null,
        string? error = null,
        string scheme = "http",
        string more = "") =>
        "http_server_request_duration_seconds{"
        + (error is null ? "" : $"error_type=\"{error}\",")
        + $"http_request_method=\"{method}\",http_response_status_code=\"{status}\","
        + (route is null ? "" : $"http_route=\"{route}\",")
        + $"network_protocol_version=\"1.1\",url_scheme=\"{scheme}\"{more}}} 1";
}
