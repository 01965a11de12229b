using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Request = Instrumentator.EndToEnd.WireClient.Request;

namespace Instrumentator.EndToEnd;

/// <summary>Each cell of the table of body sizes in docs/options.md, on Kestrel, beside the bytes on the
/// wire.</summary>
public sealed class BodySizeTableTests
{
    private const string Requests = "http_request_size_bytes";
    private const string Responses = "http_response_size_bytes";

    private static readonly Row[] _rows =
    [
        new(new("GET", "/sized"), (0, 0, 0), (5, 5, 5)),
        new(new("GET", "/streamed"), (0, 0, 0), (0, 10, 10)),
        new(new("HEAD", "/head/declared"), (0, 0, 0), (1_234, 1_234, 0)),
        new(new("HEAD", "/head/written"), (0, 0, 0), (0, 0, 0)),
        new(new("HEAD", "/head/streamed"), (0, 0, 0), (0, 0, 0)),
        new(new("HEAD", "/head/made-a-get"), (0, 0, 0), (0, 0, 0)),
        new(new("GET", "/no-content"), (0, 0, 0), (0, 0, 0)),
        new(new("GET", "/no-content/written"), (0, 0, 0), (0, 0, 0)),
        new(new("GET", "/reset-content"), (0, 0, 0), (0, 0, 0)),
        new(new("GET", "/reset-content/written"), (0, 0, 0), (0, 0, 0)),
        new(new("GET", "/not-modified"), (0, 0, 0), (1_234, 1_234, 0)),
        new(new("GET", "/not-modified/written"), (0, 0, 0), (0, 0, 0)),
        new(new("GET", "/failed"), (0, 0, 0), (0, 0, 0)),
        new(new("GET", "/too-long/writer"), (0, 0, 0), (5, 5, 5)),
        new(new("GET", "/too-long/memory"), (0, 0, 0), (5, 5, 5)),
        new(new("GET", "/too-long/stream"), (0, 0, 0), (5, 5, 5)),
        new(new("GET", "/tunnel", "ping", IsTunnel: true), (0, 0, 0), (0, 0, 0)),
        new(new("POST", "/read/sized", "12345"), (5, 5, 5), (0, 0, 0)),
        new(new("POST", "/read/chunked", "12345", IsSized: false), (0, 0, 5), (0, 0, 0)),
        new(new("POST", "/unread/sized", "12345"), (5, 5, 0), (0, 0, 0)),
        new(new("POST", "/unread/chunked", "12345", IsSized: false), (0, 0, 0), (0, 0, 0)),
    ];

    public enum Mode { ContentLength, Captured, Actual }

    public static TheoryData<Mode, bool> Modes => new(
        from mode in Enum.GetValues<Mode>()
        from isHttp2 in new[] { false, true }
        select (mode, isHttp2));

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Each_mode_records_what_the_table_says(Mode mode, bool isHttp2)
    {
        await using var app = await StartAsync(mode, isHttp2);

        foreach (var row in _rows)
        {
            var sent = await WireClient.SendAsync(app.Address, isHttp2, row.Request);

            // The bytes in a tunnel are no body.
            Assert.Equal((row.Request.Path, row.Request.IsTunnel ? 4 : row.Response.Actual), (row.Request.Path, sent));
        }

        await app.ExpectAsync(Requests, [.. _rows.Select(row => $"{row.Request.Path} {row.RequestSize(mode)}")]);
        await app.ExpectAsync(Responses, [.. _rows.Select(row => $"{row.Request.Path} {row.ResponseSize(mode)}")]);
    }

    private static Task<MeasuredApp> StartAsync(Mode mode, bool isHttp2) => MeasuredApp.StartAsync(
        app =>
        {
            app.UseInstrumentator();
            app.Use((context, next) =>
            {
                if (context.Request.Path == "/head/made-a-get")
                    context.Request.Method = "GET";
                return next(context);
            });
            app.UseRouting();
            app.Map("/sized", context => WriteAsync(context, 5, "12345"));
            app.Map("/streamed", context => WriteAsync(context, null, "12345", "67890"));
            app.Map("/head/declared", context => WriteAsync(context, 1_234));
            app.Map("/head/written", context => WriteAsync(context, null, "12345"));
            app.Map("/head/streamed", context => WriteAsync(context, null, "12345", "67890"));
            app.Map("/head/made-a-get", context => WriteAsync(context, null, "12345"));
            app.Map("/no-content", context => EmptyAsync(context, 204, null));
            app.Map("/no-content/written", context => EmptyAsync(context, 204, "12345"));
            app.Map("/reset-content", context => EmptyAsync(context, 205, null));
            app.Map("/reset-content/written", context => EmptyAsync(context, 205, "12345"));
            app.Map("/not-modified", context =>
            {
                context.Response.ContentLength = 1_234;
                return EmptyAsync(context, 304, null);
            });
            app.Map("/not-modified/written", context => EmptyAsync(context, 304, "12345"));
            app.Map("/failed", IResult () => throw new InvalidOperationException("mine"));
            app.Map("/too-long/writer", context => TooLongAsync(context, "writer"));
            app.Map("/too-long/memory", context => TooLongAsync(context, "memory"));
            app.Map("/too-long/stream", context => TooLongAsync(context, "stream"));
            app.Map("/tunnel", EchoAsync);
            foreach (var framing in new[] { "sized", "chunked" })
            {
                app.Map($"/read/{framing}", context => context.Request.Body.CopyToAsync(Stream.Null));
                app.Map($"/unread/{framing}", _ => Task.CompletedTask);
            }
        },
        it => it.With(config => config with
        {
            BodySizes = mode == Mode.Actual ? BodySizes.Actual : BodySizes.ContentLength,
            BodyHandlers = mode == Mode.Captured ? [".*"] : [],
        }),
        protocols: isHttp2 ? HttpProtocols.Http2 : HttpProtocols.Http1);

    private static async Task WriteAsync(HttpContext context, long? length, params string[] parts)
    {
        context.Response.ContentLength = length;
        foreach (var part in parts)
        {
            await context.Response.WriteAsync(part, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    // Kestrel refuses what is written to such a response.
    private static async Task EmptyAsync(HttpContext context, int status, string? text)
    {
        context.Response.StatusCode = status;
        if (text is null)
            return;
        await Assert.ThrowsAsync<InvalidOperationException>(() => context.Response.WriteAsync(text));
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await context.Response.Body.WriteAsync(new byte[5]));
    }

    private static async Task TooLongAsync(HttpContext context, string how)
    {
        await WriteAsync(context, 5, "12345");
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            if (how == "writer")
                context.Response.BodyWriter.Write("67890"u8);
            else if (how == "memory")
                await context.Response.BodyWriter.WriteAsync("67890"u8.ToArray());
            else
                await context.Response.Body.WriteAsync("67890"u8.ToArray());
        });
    }

    private static async Task EchoAsync(HttpContext context)
    {
        var connect = context.Features.Get<IHttpExtendedConnectFeature>();
        await using var tunnel = connect is { IsExtendedConnect: true }
            ? await connect.AcceptAsync()
            : await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
        var bytes = new byte[4];
        await tunnel.ReadExactlyAsync(bytes, context.RequestAborted);
        await tunnel.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>A row: a request, and its sizes in each mode.</summary>
    private sealed record Row(
        Request Request,
        (int Header, int Captured, int Actual) Received,
        (int Header, int Captured, int Actual) Response)
    {
        public int RequestSize(Mode mode) => Of(Received, mode);

        public int ResponseSize(Mode mode) => Of(Response, mode);

        private static int Of((int Header, int Captured, int Actual) sizes, Mode mode) =>
            mode switch { Mode.ContentLength => sizes.Header, Mode.Captured => sizes.Captured, _ => sizes.Actual };
    }
}
