using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Instrumentator.EndToEnd;

/// <summary>Bytes that were really read and written, on Kestrel: counted, and the app and its client notice
/// nothing.</summary>
public sealed class BodySizeTests
{
    private static readonly string _text = string.Concat(Enumerable.Repeat("0123456789", 3_000));

    [Theory]
    [InlineData("/echo/stream", true, 30_000, 30_000)]
    [InlineData("/echo/stream", false, 30_000, 30_000)]
    [InlineData("/echo/pipe", true, 30_000, 30_000)]
    [InlineData("/echo/pipe", false, 30_000, 30_000)]
    [InlineData("/echo/reader", true, 30_000, 30_000)]
    [InlineData("/echo/form", false, 30_000, 0)]
    [InlineData("/echo/buffered", true, 30_000, 60_000)]
    [InlineData("/first-ten", true, 10, 0)]
    [InlineData("/unread", true, 0, 0)]
    [InlineData("/echo/looked-at", true, 30_000, 30_000)]
    [InlineData("/echo/both", true, 30_000, 30_000)]
    [InlineData("/echo/begin-end", false, 30_000, 30_000)]
    public async Task A_request_counts_what_was_read_of_it(string path, bool chunked, int read, int written)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(_text)),
        };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(string.Concat(Enumerable.Repeat(_text, written / _text.Length)), body);
        await app.ExpectAsync("http_request_size_bytes", $"{path} {read}");
        await app.ExpectAsync("http_response_size_bytes", $"{path} {written}");
    }

    [Theory]
    [InlineData("GET", "/json", "{\"text\":\"x\"}", 12)]
    [InlineData("GET", "/file", "from a file", 11)]
    [InlineData("GET", "/part", "a file", 6)]
    [InlineData("GET", "/writer", "one,two", 7)]
    [InlineData("GET", "/sized", "sized", 5)]
    [InlineData("HEAD", "/sized", "", 0)]
    [InlineData("GET", "/nothing", "", 0)]
    [InlineData("GET", "/link", "from a file", 11)]
    [InlineData("GET", "/written-in-vain", "", 0)]
    [InlineData("HEAD", "/made-a-get", "", 0)]
    [InlineData("GET", "/error-page", "error page", 10)]
    public async Task A_response_counts_what_was_written(string method, string path, string text, int written)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(text, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await app.ExpectAsync("http_response_size_bytes", $"{path} {written}");
    }

    [Fact]
    public async Task A_compressed_response_counts_its_compressed_size()
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/long")
        {
            Headers = { { "Accept-Encoding", "gzip" } },
        };

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var sent = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.InRange(sent.Length, 1, 1_000);
        await app.ExpectAsync("http_response_size_bytes", $"/long {sent.Length}");
    }

    [Fact]
    public async Task A_response_still_streams_and_ends_with_its_trailers_over_HTTP_2()
    {
        await using var app = await StartAsync(protocols: HttpProtocols.Http2);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/held")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await app.Client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(
            await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("first", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        _release.SetResult();
        Assert.Equal("second", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));

        Assert.Equal("done", response.TrailingHeaders.GetValues("x-end").Single());
        await app.ExpectAsync("http_response_size_bytes", "/held 12");
    }

    [Fact]
    public async Task A_body_that_breaks_off_counts_as_far_as_it_came()
    {
        await using var app = await StartAsync();
        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync(app.Address.Host, app.Address.Port, TestContext.Current.CancellationToken);
            await client
                .GetStream()
                .WriteAsync(
                    "POST /echo/stream HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n0123456789"u8.ToArray(),
                    TestContext.Current.CancellationToken);
            using var reader = new StreamReader(client.GetStream());
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) != "0123456789")
            {
                // Skips the response headers. The handler echoes the received bytes at once.
            }
            client.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        }

        await app.ExpectAsync("http_request_size_bytes", "/echo/stream 10");
    }

    [Fact]
    public async Task With_content_lengths_chunked_bodies_count_as_zero()
    {
        await using var app = await StartAsync(BodySizes.ContentLength);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo/stream")
        {
            Content = new StringContent(_text),
        };
        request.Headers.TransferEncodingChunked = true;

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await app.ExpectAsync("http_request_size_bytes", "/echo/stream 0");
        await app.ExpectAsync("http_response_size_bytes", "/echo/stream 0");
    }

    private readonly TaskCompletionSource _release = new();

    private async Task<MeasuredApp> StartAsync(
        BodySizes sizes = BodySizes.Actual,
        HttpProtocols protocols = HttpProtocols.Http1)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "from a file", TestContext.Current.CancellationToken);
        var link = file + ".link";
        File.CreateSymbolicLink(link, file);
        return await MeasuredApp.StartAsync(
            app =>
            {
                // Outside: keeps what is written, as a cache does.
                app.UseWhen(
                    context => context.Request.Path == "/error-page",
                    branch =>
                        branch.Use(
                            async (context, next) =>
                            {
                                var body = context.Response.Body;
                                using var kept = new MemoryStream();
                                context.Response.Body = kept;
                                await next(context);
                                context.Response.Body = body;
                                await body.WriteAsync(kept.ToArray(), context.RequestAborted);
                            }));
                app.UseInstrumentator();
                app.UseExceptionHandler(errors =>
                    errors.Run(context => context.Response.WriteAsync("error page", context.RequestAborted)));
                app.Use(
                    (context, next) =>
                    {
                        if (context.Request.Path == "/made-a-get")
                            context.Request.Method = "GET";
                        return next(context);
                    });
                app.UseRouting();
                app.UseWhen(context => context.Request.Path == "/long", branch => branch.UseResponseCompression());
                app.MapPost(
                    "/echo/stream",
                    (HttpContext context) =>
                        context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted));
                app.MapPost(
                    "/echo/pipe",
                    (HttpContext context) =>
                        context.Request.BodyReader.CopyToAsync(context.Response.BodyWriter, context.RequestAborted));
                app.MapPost("/echo/reader", EchoByReaderAsync);
                app.MapPost(
                    "/echo/looked-at",
                    async (HttpContext context) =>
                    {
                        // As middleware does that wants to know what comes: it takes nothing.
                        var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
                        context.Request.BodyReader.AdvanceTo(read.Buffer.Start);
                        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
                    });
                app.MapPost(
                    "/echo/both",
                    async (HttpContext context) =>
                    {
                        var read = await context.Request.BodyReader.ReadAtLeastAsync(10, context.RequestAborted);
                        await context.Response.Body.WriteAsync(
                            read.Buffer.Slice(0, 10).ToArray(),
                            context.RequestAborted);
                        context.Request.BodyReader.AdvanceTo(read.Buffer.GetPosition(10));
                        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
                    });
                app.MapPost(
                    "/echo/begin-end",
                    async (HttpContext context) =>
                    {
                        var (body, buffer) = (context.Request.Body, new byte[1_000]);
                        while (
                            await Task.Factory.FromAsync(body.BeginRead, body.EndRead, buffer, 0, buffer.Length, null)
                                is var count
                                    and > 0)
                        {
                            await Task.Factory.FromAsync(
                                context.Response.Body.BeginWrite,
                                context.Response.Body.EndWrite,
                                buffer,
                                0,
                                count,
                                null);
                        }
                    });
                app.MapPost(
                    "/echo/form",
                    async (HttpContext context) =>
                        _ = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted));
                app.MapPost(
                    "/echo/buffered",
                    async (HttpContext context) =>
                    {
                        context.Request.EnableBuffering();
                        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
                        context.Request.Body.Position = 0;
                        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
                    });
                app.MapPost(
                    "/first-ten",
                    async (HttpContext context) =>
                        await context.Request.Body.ReadExactlyAsync(new byte[10], context.RequestAborted));
                app.MapPost("/unread", () => { });
                app.MapGet("/json", () => new { text = "x" });
                app.MapGet("/file", () => Results.File(file, "text/plain"));
                app.MapGet(
                    "/part",
                    (HttpContext context) => context.Response.SendFileAsync(file, 5, 6, context.RequestAborted));
                app.MapGet(
                    "/writer",
                    async (HttpContext context) =>
                    {
                        context.Response.BodyWriter.Write("one,"u8);
                        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
                        await context.Response.BodyWriter.WriteAsync("two"u8.ToArray(), context.RequestAborted);
                    });
                app.MapMethods(
                    "/sized",
                    ["GET", "HEAD"],
                    async (HttpContext context) =>
                    {
                        context.Response.ContentLength = 5;
                        await context.Response.WriteAsync("sized", context.RequestAborted);
                    });
                app.MapGet(
                    "/link",
                    (HttpContext context) => context.Response.SendFileAsync(link, context.RequestAborted));
                app.MapGet(
                    "/written-in-vain",
                    (HttpContext context) =>
                    {
                        context.Response.StatusCode = StatusCodes.Status304NotModified;
                        context.Response.BodyWriter.Write("abc"u8);
                    });
                app.MapGet("/made-a-get", (HttpContext context) => context.Response.WriteAsync("page"));
                app.MapGet("/error-page", async (HttpContext context) =>
                {
                    await context.Response.WriteAsync("begun, and then", context.RequestAborted);
                    throw new InvalidOperationException("it failed");
                });
                app.MapGet("/nothing", () => Results.NoContent());
                app.MapGet("/long", () => _text);
                app.MapGet("/held", async (HttpContext context) =>
                {
                    await context.Response.WriteAsync("first\n", context.RequestAborted);
                    await _release.Task;
                    await context.Response.WriteAsync("second", context.RequestAborted);
                    context.Response.AppendTrailer("x-end", "done");
                });
            },
            it => it.With(config => config with { BodySizes = sizes }),
            services => services.AddResponseCompression(),
            protocols);
    }

    // Examines more bytes than it consumes, as a parser does.
    private static async Task EchoByReaderAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (await reader.ReadAsync(context.RequestAborted) is { } read && !(read.IsCompleted && read.Buffer.IsEmpty))
        {
            var taken = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, 100));
            await context.Response.Body.WriteAsync(taken.ToArray(), context.RequestAborted);
            reader.AdvanceTo(taken.End, read.IsCompleted ? taken.End : read.Buffer.End);
        }
    }
}
