using System.Globalization;
using System.Numerics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Instrumentator.Parity;

/// <summary>The original's test app in ASP.NET Core. The routes are in the order of registration.</summary>
internal static class ParityApp
{
    public static void Map(IEndpointRouteBuilder app)
    {
        On(app, "/", context => TextAsync(context, "Hello World!"), "GET", "HEAD");
        On(app, "/items/{item_id}", context => TextAsync(context, $"item {Value(context, "item_id")}"));
        On(app, "/items", CreateItemAsync, "POST");
        On(app, "/items", AllowAsync, "OPTIONS");
        On(app, "/items/{item_id}", ChangeItemAsync, "PUT");
        On(app, "/items/{item_id}", ChangeItemAsync, "PATCH");
        On(app, "/items/{item_id}", ChangeItemAsync, "DELETE");
        On(app, "/ignore", context => TextAsync(context, "ignored"));
        On(app, "/always_error", context => StatusAsync(context, StatusCodes.Status404NotFound));
        On(
            app,
            "/status/{code}",
            context => StatusAsync(context, int.Parse(Value(context, "code"), CultureInfo.InvariantCulture)));
        On(app, "/boom", _ => throw new BoomException("boom"));
        On(app, "/stream", context => StreamAsync(context, 3));
        On(app, "/stream_boom", StreamThenThrowAsync);
        On(app, "/sized/{n}", SizedAsync);
        On(app, "/bad_length", BadLengthAsync);
        On(app, "/hold/{key}", HoldAsync);
        On(app, "/overlap/{first}", context => TextAsync(context, "overlap template"));
        On(app, "/overlap/fixed", context => TextAsync(context, "overlap fixed"));
        On(app, "/ordered/fixed", context => TextAsync(context, "ordered fixed"));
        On(app, "/ordered/{any_id}", context => TextAsync(context, "ordered template"));
        On(app, "/mixed/{a}", context => TextAsync(context, "mixed template"));
        On(app, "/mixed/fixed", context => TextAsync(context, "mixed fixed"), "POST");

        // Starlette writes these templates in another way, and keeps a slash at their end. They keep its labels, as an
        // app may that moves here together with its dashboards.
        On(app, "/slashed/", context => TextAsync(context, "slashed")).WithHandlerLabel("/slashed/");
        On(app, "/files/{**file_path}", context => TextAsync(context, $"file {Value(context, "file_path")}"))
            .WithHandlerLabel("/files/{file_path:path}");
        On(
            app,
            "/int/{num:regex(^[0-9]+$)}",
            context => TextAsync(
                context, $"int {BigInteger.Parse(Value(context, "num"), CultureInfo.InvariantCulture)}"))
            .WithHandlerLabel("/int/{num:int}");

        var mounted = app.MapGroup("/sub");
        On(mounted, "/", context => TextAsync(context, "sub root")).WithHandlerLabel("/sub/");
        On(mounted, "/hello/{name}", context => TextAsync(context, $"hello {Value(context, "name")}"));
        app.Map("/raw/{**rest}", (RequestDelegate)(context => TextAsync(context, "raw"))).WithHandlerLabel("/raw");

        var users = app.MapGroup("/api/v1").MapGroup("/users");
        On(
            users,
            "/{user_id}/posts/{post_id}",
            context => TextAsync(context, $"user {Value(context, "user_id")} post {Value(context, "post_id")}"));
    }

    private static IEndpointConventionBuilder On(
        IEndpointRouteBuilder app, string template, RequestDelegate handler, params string[] methods) =>
        app.MapMethods(template, methods is [] ? ["GET"] : methods, handler);

    private static string Value(HttpContext context, string name) => (string?)context.Request.RouteValues[name] ?? "";

    private static Task TextAsync(HttpContext context, string text, int status = StatusCodes.Status200OK) =>
        BytesAsync(context, "text/plain; charset=utf-8", System.Text.Encoding.UTF8.GetBytes(text), status);

    // Writes the body for HEAD as well; the server suppresses it.
    private static async Task BytesAsync(
        HttpContext context, string contentType, byte[] body, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }

    private static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static async Task<long> ReadBodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.Length;
    }

    private static async Task CreateItemAsync(HttpContext context) =>
        await TextAsync(
            context,
            (await ReadBodyAsync(context)).ToString(CultureInfo.InvariantCulture),
            StatusCodes.Status201Created);

    private static async Task ChangeItemAsync(HttpContext context)
    {
        await ReadBodyAsync(context);
        await TextAsync(context, $"{context.Request.Method} {Value(context, "item_id")}");
    }

    private static Task AllowAsync(HttpContext context)
    {
        context.Response.Headers.Allow = "OPTIONS, POST";
        return StatusAsync(context, StatusCodes.Status204NoContent);
    }

    private static async Task StreamAsync(HttpContext context, int chunks)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        for (var i = 0; i < chunks; i++)
        {
            await context.Response.WriteAsync($"chunk-{i}\n");
            await context.Response.Body.FlushAsync();
        }
    }

    private static async Task StreamThenThrowAsync(HttpContext context)
    {
        await StreamAsync(context, 2);
        throw new BoomException("boom in stream");
    }

    private static Task SizedAsync(HttpContext context)
    {
        var body = new byte[int.Parse(Value(context, "n"), CultureInfo.InvariantCulture)];
        Array.Fill(body, (byte)'x');
        return BytesAsync(context, "application/octet-stream", body);
    }

    private static async Task BadLengthAsync(HttpContext context)
    {
        context.Response.Headers["Content-Length"] = "abc";
        await context.Response.WriteAsync("abc");
    }

    private static async Task HoldAsync(HttpContext context)
    {
        await context.Features.GetRequiredFeature<Roundtrip>().HoldAsync();
        await TextAsync(context, "held");
    }
}

/// <summary>The exception that the handlers of the app throw.</summary>
internal sealed class BoomException(string message) : Exception(message);
