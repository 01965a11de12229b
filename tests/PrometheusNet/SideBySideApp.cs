using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>An app with routes of every kind.</summary>
internal static class SideBySideApp
{
    /// <summary>Gets requests that both libraries must count alike.</summary>
    public static (string Method, string Path)[] Requests { get; } =
    [
        ("GET", "/"), ("HEAD", "/"), ("GET", "/?q=1&controller=x"),
        ("GET", "/items/1"), ("GET", "/items/%32?q=1"), ("GET", "/items/one"), ("PUT", "/items/1"),
        ("DELETE", "/items/1"), ("POST", "/items"), ("GET", "/items"), ("OPTIONS", "/items"), ("PATCH", "/items/1"),
        ("POST", "/items/1"),
        ("GET", "/api/acme/v1/orders"), ("GET", "/api/acme/v2/orders/7f3c2b1a-0000-0000-0000-000000000000"),
        ("GET", "/api/acme/v2/orders/7"), ("GET", "/API/ACME/V1/ORDERS"), ("GET", "/api/12"), ("GET", "/api/acme"),
        ("GET", "/files/a%20b.txt"), ("GET", "/files/a.b.c"),
        ("GET", "/rest"), ("GET", "/rest/a%2Fb/c"), ("GET", "/rest/ü/%F0%9F%98%80"),
        ("GET", "/optional"), ("GET", "/optional/5"), ("GET", "/default"), ("GET", "/slash/"), ("GET", "/slash"),
        ("GET", "/relative"), ("GET", "/code/123"), ("GET", "/code/12"),
        ("GET", "/fallback/a/b"), ("GET", "/fallback/a.js"), ("GET", "/blog/a/b"),
        ("GET", "/both"), ("HEAD", "/both"), ("GET", "/redirect"), ("GET", "/bad"), ("GET", "/bind/x"),
        ("GET", "/late"), ("GET", "/late-failure"), ("GET", "/no-template"),
        ("GET", "/nowhere"), ("POST", "/no/where/at/all"), ("DELETE", "/nowhere"),
        ("GET", "/items//1"), ("GET", "/optional//"), ("GET", "/middleware"),
        ("GET", "/attributed/5"), ("GET", "/attributed/x"), ("POST", "/attributed/5"),
        ("GET", "/tokens/Tokens/Show"), ("GET", "/named"),
        ("GET", "/Plain"), ("GET", "/Plain/Index"), ("GET", "/Plain/List/7"), ("GET", "/plain/LIST"),
        ("GET", "/shop/CART/show"),
        ("POST", "/Plain/List"), ("POST", "/Plain/OnlyGet"), ("GET", "/Plain/Missing"),
        ("GET", "/Shop/Cart/Show"), ("GET", "/Shop/Cart"), ("GET", "/Cart/Show"), ("GET", "/Hello/5"),
        ("GET", "/metrics"), ("GET", "/METRICS"), ("GET", "/metrics?name=a"),
        ("POST", "/metrics"), ("HEAD", "/metrics"), ("GET", "/metrics2"), ("GET", "/metrics/more"),
        .. new[]
        {
            100, 200, 201, 204, 206, 299, 301, 304, 400, 401, 403, 404, 409, 418, 422, 429, 451, 499, 500, 501, 502,
            503, 599,
        }
            .Select(status => ("GET", string.Create(CultureInfo.InvariantCulture, $"/status/{status}"))),
    ];

    public static void Configure(WebApplication app, Action measure)
    {
        measure();
        app.Use((context, next) => context.Request.Path == "/middleware"
            ? context.Response.WriteAsync("middleware")
            : next(context));
        Map(app);
    }

    public static void Map(WebApplication app)
    {
        MapItems(app);
        MapOddTemplates(app);
        MapAnswers(app);
        MapControllers(app);
        app.MapGet("/metrics", () => "the metrics");
        app.MapGet("/held", HoldAsync);
    }

    private static void MapItems(WebApplication app)
    {
        app.MapGet("/", () => "root");
        app.MapGet("/items/{id:int}", (int id) => id);
        app.MapPut("/items/{id:int}", () => Results.NoContent());
        app.MapDelete("/items/{id:int:min(1)}", () => Results.NoContent());
        app.MapPost("/items", () => Results.Created("/items/1", 1));
        var group = app.MapGroup("/api/{tenant:alpha}");
        group.MapGet("", () => "tenant");
        group.MapGroup("v{version}/").MapGet("orders/{id:guid?}", () => "order");
    }

    private static void MapOddTemplates(WebApplication app)
    {
        app.MapGet("/files/{name}.{extension?}", () => "file");
        app.MapGet("/rest/{**path}", () => "rest");
        app.MapGet("/optional/{id?}", () => "optional");
        app.MapGet("/default/{id=7}", () => "default");
        app.MapGet("/slash/", () => "slash");
        app.MapGet("relative", () => "relative");
        app.MapGet("/code/{code:regex(^\\d{{3}}$)}", () => "code");

        app.MapFallback("/fallback/{*path:nonfile}", () => "fallback");

        // An endpoint like those of Razor Pages: the label needs no view.
        app.Map(
            RoutePatternFactory.Parse(
                "Hello/{id:int}", new { page = "/Hello" }, parameterPolicies: null, new { page = "/Hello" }),
            () => "page");
    }

    private static void MapAnswers(WebApplication app)
    {
        app.MapMethods("/both", ["GET", "HEAD"], () => "both");
        app.MapGet("/redirect", () => Results.Redirect("/"));
        app.MapGet("/bad", () => Results.BadRequest("bad"));
        app.MapGet("/bind/{id}", (int id) => id);
        app.MapGet("/status/{code:int}", (HttpContext context, int code) => { context.Response.StatusCode = code; });
        app.MapGet("/late", async () =>
        {
            await Task.Yield();
            return "late";
        });
        app.MapGet("/late-failure", FailLateAsync);
    }

    private static void MapControllers(WebApplication app)
    {
        app.MapControllers();
        app.MapControllerRoute("areas", "{area:exists}/{controller=Home}/{action=Index}/{id?}");
        app.MapControllerRoute("blog", "blog/{*article}", new { controller = "Plain", action = "List" });
        app.MapControllerRoute("default", "{controller=Home}/{action=Index}/{id?}");
    }

    private static async Task<string> HoldAsync(Gate gate, HttpContext context)
    {
        gate.Entered.Release();
        await gate.Opened.Task.WaitAsync(context.RequestAborted);
        return "held";
    }

    // The status code has been sent already, so both libraries count it.
    private static async Task FailLateAsync(HttpContext context)
    {
        await context.Response.WriteAsync("begun", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        throw new InvalidOperationException("too late");
    }
}

[Route("attributed/{id:int}")]
public sealed class AttributedController : ControllerBase
{
    [HttpGet]
    public string Get(int id) => $"attributed {id}";
}

[Route("tokens/[controller]/[action]")]
public sealed class TokensController : ControllerBase
{
    [HttpGet]
    public string Show() => "tokens";

    [HttpGet("/named", Name = "named")]
    [ActionName("Renamed")]
    public string Named() => "named";
}

public sealed class PlainController : Controller
{
    public string Index() => "index";

    public string List(int? id) => $"list {id}";

    [HttpGet]
    public string OnlyGet() => "got";
}

[Area("Shop")]
public sealed class CartController : Controller
{
    public string Show() => "cart";
}
