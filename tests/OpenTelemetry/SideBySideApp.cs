using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace Instrumentator.OpenTelemetry.Tests;

/// <summary>An app with routes and responses of every kind.</summary>
internal static class SideBySideApp
{
    /// <summary>Gets requests that both libraries must measure alike.</summary>
    public static Sent[] Requests { get; } =
    [
        new("GET", "/"), new("HEAD", "/"), new("GET", "/?q=1"),
        new("GET", "/", Wire.Http10), new("GET", "/", Wire.Http2), new("GET", "/", Wire.Https11),
        new("GET", "/", Wire.Https2), new("POST", "/", Wire.Https2),
        new("GET", "/items/1"), new("GET", "/items/%32?q=1"), new("PUT", "/items/3"), new("GET", "/items/404"),
        new("GET", "/items/one"), new("GET", "/items/1", Wire.Http2), new("DELETE", "/items/1"),
        new("GET", "/relative"), new("GET", "/rest/a/b"), new("GET", "/optional"), new("GET", "/optional/5"),
        new("GET", "/code/123"), new("GET", "/code/12"), new("GET", "/API/ACME/V1/ORDERS"), new("GET", "/group/x"),
        new("GET", "/nowhere"), new("POST", "/no/where"), new("PURGE", "/nowhere"), new("GET", "/nowhere", Wire.Http2),
        new("GET", "/middleware"), new("GET", "/branch/users/5"), new("GET", "/branch/nowhere"),
        new("PURGE", "/any"), new("TRACE", "/any"), new("PATCH", "/any"), new("OPTIONS", "/any"),
        new("GET", "/boom"), new("GET", "/boom", Wire.Http2), new("POST", "/boom"), new("GET", "/generic"),
        new("GET", "/too-large"), new("GET", "/bind/x"), new("GET", "/late-failure"), new("GET", "/caught/5"),
        new("GET", "/caught/x"), new("GET", "/caught-badly/5"), new("GET", "/events"),
        new("GET", "/attributed/5"), new("GET", "/Plain"), new("GET", "/Plain/List/7"),
        .. new[] { 200, 204, 301, 304, 400, 401, 404, 418, 422, 429, 499, 500, 501, 502, 503, 599 }.Select(status =>
            new Sent("GET", string.Create(CultureInfo.InvariantCulture, $"/status/{status}"))),
    ];

    /// <summary>Configures the usual order: our middleware, and then everything else.</summary>
    public static void Configure(WebApplication app, Action measure)
    {
        measure();
        Map(app);
    }

    /// <summary>Configures routing after our middleware, which then learns the endpoint only later.</summary>
    public static void ConfigureRoutingLater(WebApplication app, Action measure)
    {
        measure();
        app.Use((context, next) => next(context));
        app.UseRouting();
        Map(app);
    }

    public static void Map(WebApplication app)
    {
        app.Use((context, next) => context.Request.Path == "/middleware" ? AnswerAsync(context) : next(context));
        MapBranches(app);
        MapRoutes(app);
        MapFailures(app);
        app.MapControllers();
        app.MapControllerRoute("default", "{controller}/{action=Index}/{id?}");
    }

    private static void MapRoutes(WebApplication app)
    {
        app.MapMethods("/", ["GET", "HEAD", "POST"], () => "root");
        app.MapGet("/items/{id:int}", (int id) => id == 404 ? Results.NotFound() : Results.Ok(id));
        app.MapPut("/items/{id:int}", () => Results.NoContent());
        app.MapGet("relative", () => "relative");
        app.MapGet("/rest/{**path}", () => "rest");
        app.MapGet("/optional/{id?}", () => "optional");
        app.MapGet(@"/code/{code:regex(^\d{{3}}$)}", () => "code");
        app.MapGroup("/api/{tenant:alpha}").MapGroup("v{version}").MapGet("orders/{id:guid?}", () => "order");
        app.MapGroup("/group").MapGet("", () => "group");
        app.MapMethods("/any", ["PURGE", "TRACE", "PATCH", "OPTIONS"], () => "any");
        app.MapGet("/status/{code:int}", (HttpContext context, int code) => { context.Response.StatusCode = code; });
        app.MapGet("/wait/{milliseconds:int}", (int milliseconds) => Task.Delay(milliseconds));
        app.MapGet("/held", (Gate gate, HttpContext context) => gate.HoldAsync(context.RequestAborted));
        app.MapPost("/held", (Gate gate, HttpContext context) => gate.HoldAsync(context.RequestAborted));
        app.MapGet("/stream", StreamAsync);
        app.MapGet("/events", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n", context.RequestAborted);
        });
    }

    private static void MapFailures(WebApplication app)
    {
        app.MapMethods("/boom", ["GET", "POST"], string () => throw new InvalidOperationException("boom"));
        app.MapGet("/generic", string () => throw new GenericException<int>());
        app.MapGet("/too-large", string () => throw new BadHttpRequestException("too large", 413));
        app.MapGet("/bind/{id}", (int id) => id);
        app.MapGet("/late-failure", async context =>
        {
            await context.Response.WriteAsync("begun", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            throw new InvalidOperationException("too late");
        });
    }

    private static void MapBranches(WebApplication app)
    {
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/caught"),
            branch => Fail(branch.UseExceptionHandler(errors => errors.Run(AnswerAsync)), "/caught/{id:int}"));
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/caught-badly"),
            branch => Fail(
                branch.UseExceptionHandler(errors => errors.Run(_ => throw new InvalidDataException())),
                "/caught-badly/{id:int}"));
        app.Map("/branch", branch => branch
            .UseRouting()
            .UseEndpoints(endpoints => endpoints.MapGet("/users/{id:int}", () => "branch")));
    }

    private static void Fail(IApplicationBuilder branch, string pattern) => branch
        .UseRouting()
        .UseEndpoints(endpoints => endpoints.MapGet(pattern, string (int id) => throw new FormatException($"{id}")));

    private static async Task StreamAsync(HttpContext context)
    {
        await context.Response.WriteAsync("first", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(800, context.RequestAborted);
        await context.Response.WriteAsync("last", context.RequestAborted);
    }

    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsync("no", context.RequestAborted);
    }
}

/// <summary>An exception whose full name has that of its type argument.</summary>
internal sealed class GenericException<T> : Exception;

/// <summary>An exception that <see cref="TeapotHandler"/> handles.</summary>
internal sealed class TeapotException : Exception;

[Route("attributed/{id:int}")]
public sealed class AttributedController : ControllerBase
{
    [HttpGet]
    public string Get(int id) => $"attributed {id}";
}

public sealed class PlainController : Controller
{
    public string Index() => "index";

    public string List(int? id) => $"list {id}";
}
