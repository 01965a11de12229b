using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.EndToEnd;

/// <summary>Requests as bytes to Kestrel: the answer is to the byte what it is without measuring, and the record is
/// right.</summary>
public sealed class RawRequestTests
{
    public static TheoryData<string, string?> Requests => new()
    {
        { "GET /plain", "GET /plain 200" },
        { "HEAD /plain", "HEAD /plain 405" },
        { "HEAD /head", "HEAD /head 200" },
        { "GET /nowhere", "GET none 404" },
        { "GET //plain", "GET none 404" },
        { "GET /items/a%2Fb?x=%00", "GET /items/{id} 200" },
        { "FOO /plain", "_OTHER /plain 405" },
        { "FOO /nowhere", "_OTHER none 404" },
        { "get /plain", "GET /plain 200" },
        { "OPTIONS *", "OPTIONS none 404" },
        { "POST /plain\r\nContent-Length: 3\r\n\r\nabc", "POST /plain 405" },
        { "POST /echo\r\nContent-Length: 3\r\n\r\nabc", "POST /echo 200" },
        { "POST /echo\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "POST /echo 200" },
        { "POST /echo\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "POST /echo 400" },
        { "GET /stream", "GET /stream 200" },
        { "GET /boom", "GET /boom 500" },
        { "GET /late-boom", "GET /late-boom 200" },
        { "GET /teapot", "GET /teapot 418" },
        { "GET /refused", "GET /refused 413" },
        { "GET /plain\r\nContent-Length: abc", null },
        { "NONSENSE", null },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task The_answer_is_the_same_and_the_record_is_right(string request, string? record)
    {
        var expected = await AnswerAsync(request, _ => { });
        foreach (var metrics in new[] { Metrics.None, Metrics.From(_ => throw new InvalidOperationException("mine")) })
        {
            var registry = new Registry();
            var instrumentation = Instrumentation.Default.WithRegistry(registry)
                .With(config => config with { GroupStatusCodes = false })
                .Add(Metrics.Default(new() { Registry = registry })).Add(metrics);

            var answer = await AnswerAsync(request, app => app.UseInstrumentator(instrumentation));

            Assert.Equal(expected, answer);
            Assert.Equal(record is null ? [] : [record + " 1"], Records(registry));
        }
    }

    [Fact]
    public async Task A_client_that_hangs_up_is_recorded_as_such()
    {
        var registry = new Registry();
        using var waiting = new SemaphoreSlim(0);
        await using var app = await StartAsync(
            app =>
                app.UseInstrumentator(
                    Instrumentation
                        .Default.WithRegistry(registry)
                        .With(config => config with { GroupStatusCodes = false })),
            waiting);

        using (var client = await ConnectAsync(app))
        {
            await client
                .GetStream()
                .WriteAsync(
                    "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(),
                    TestContext.Current.CancellationToken);
            Assert.True(await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }

        Assert.Equal(
            ["GET /wait 499 1"],
            await Shared.Poll.UntilAsync(
                () => Task.FromResult(Records(registry)),
                seen => seen.Length > 0,
                TimeSpan.FromSeconds(30)));
    }

    private static string[] Records(Registry registry) =>
        [
            .. from family in registry.Scrape().Families
            where family.Definition.Name == "http_requests_total"
            from sample in family.Samples
            let labels = sample.Labels.Values
            select FormattableString.Invariant(
                $"{labels[1]} {labels[0]} {labels[2]} {((SampleValue.Counter)sample.Value).Value}"),
        ];

    private static async Task<string> AnswerAsync(string request, Action<WebApplication> first)
    {
        using var waiting = new SemaphoreSlim(0);
        await using var app = await StartAsync(first, waiting);
        using var client = await ConnectAsync(app);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Whole(request)), TestContext.Current.CancellationToken);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Kestrel resets a connection whose response broke off; what came before counts.
        }
        return string.Join(
            '\n',
            Encoding
                .UTF8.GetString(answer.ToArray())
                .Split('\n')
                .Where(line => !line.StartsWith("Date:", StringComparison.Ordinal)));
    }

    /// <summary>The request line gets its version, and the headers that end the connection.</summary>
    private static string Whole(string request)
    {
        var end = request.IndexOf("\r\n", StringComparison.Ordinal) is var at and >= 0 ? at : request.Length;
        var rest = request[end..];
        var last = rest.Contains("\r\n\r\n", StringComparison.Ordinal) ? "" : "\r\n\r\n";
        return $"{request[..end]} HTTP/1.1\r\nHost: x\r\nConnection: close{rest}{last}";
    }

    private static async Task<TcpClient> ConnectAsync(WebApplication app)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", app.Address().Port, TestContext.Current.CancellationToken);
        return client;
    }

    private static Task<WebApplication> StartAsync(Action<WebApplication> first, SemaphoreSlim waiting) =>
        LocalServer.StartAsync(args =>
    {
        var builder = WebApplication.CreateSlimBuilder([.. args, "--Logging:LogLevel:Default=None"]);
        builder.Services.AddSingleton(waiting);
        var app = builder.Build();
        first(app);
        app.MapGet("/plain", () => "plain");
        app.MapMethods("/head", ["HEAD"], (HttpContext context) => context.Response.ContentLength = 5);
        app.MapGet("/items/{id}", (string id) => id);
        app.MapPost("/echo", async (HttpContext context) =>
            await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted));
        app.MapGet("/stream", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("one,");
            await context.Response.Body.FlushAsync();
            await context.Response.WriteAsync("two");
        });
        app.MapGet("/boom", string () => throw new InvalidOperationException("boom"));
        app.MapGet("/late-boom", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("begun");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("too late");
        });
        app.MapGet("/teapot", () => Results.StatusCode(StatusCodes.Status418ImATeapot));
        app.MapGet("/refused", string () =>
            throw new BadHttpRequestException("too much", StatusCodes.Status413PayloadTooLarge));
        app.MapGet("/wait", async (HttpContext context, SemaphoreSlim signal) =>
        {
            signal.Release();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        return app;
    });
}
