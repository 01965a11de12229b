using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;

namespace Instrumentator.EndToEnd;

/// <summary>What is recorded of requests that middleware answers, or that end before their time.</summary>
public sealed class OutcomeTests
{
    private const string Requests = "http_requests_total";

    [Theory]
    [InlineData("GET", "/app.css", 200, "none GET 200 1")]
    [InlineData("GET", "/nowhere.css", 404, "none GET 404 1")]
    [InlineData("GET", "/deep/link", 200, "/deep/{*path} GET 200 1")]
    [InlineData("OPTIONS", "/items/5", 204, "/items/{id} OPTIONS 204 1")]
    [InlineData("HEAD", "/items/5", 405, "/items/{id} HEAD 405 1")]
    [InlineData("GET", "/redirected", 302, "/redirected GET 302 1")]
    [InlineData("GET", "/branch/5", 200, "none GET 200 1")]
    public async Task Each_request_is_recorded_once_whoever_answers_it(
        string method,
        string path,
        int status,
        string record)
    {
        await using var app = await StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = app.Address,
        };
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Headers = { { "Origin", "http://elsewhere" }, { "Access-Control-Request-Method", "GET" } },
        };

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        await app.ExpectAsync(Requests, record);
        Assert.Equal(["0"], app.Series("http_requests_inprogress"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_timeout_is_recorded_as_it_is_answered_wherever_its_middleware_stands(bool outside)
    {
        await using var app = await StartAsync(timeoutsOutside: outside);

        using var response = await app.Client.GetAsync(
            new Uri("/slow", UriKind.Relative),
            TestContext.Current.CancellationToken);
        using var teapot = await app.Client.GetAsync(
            new Uri("/slow/teapot", UriKind.Relative),
            TestContext.Current.CancellationToken);

        Assert.Equal((504, 418), ((int)response.StatusCode, (int)teapot.StatusCode));
        await app.ExpectAsync(Requests, "/slow GET 504 1", "/slow/teapot GET 418 1");
    }

    [Theory]
    [InlineData("/waits/throws", ClientAborts.Status499, true, "4xx")]
    [InlineData("/waits/throws", ClientAborts.Status499, false, "499")]
    [InlineData("/waits/throws", ClientAborts.OwnGroup, true, "499")]
    [InlineData("/waits/throws", ClientAborts.AsAnswered, true, "5xx")]
    [InlineData("/waits/returns", ClientAborts.Status499, false, "499")]
    [InlineData("/waits/returns", ClientAborts.OwnGroup, true, "499")]
    [InlineData("/waits/returns", ClientAborts.AsAnswered, false, "200")]
    [InlineData("/waits/begun", ClientAborts.Status499, false, "200")]
    public async Task A_client_that_hangs_up_is_recorded_as_it_was_chosen(
        string path,
        ClientAborts choice,
        bool grouped,
        string status)
    {
        await using var app = await StartAsync(it =>
            it.With(config => config with { ClientAborts = choice, GroupStatusCodes = grouped }));
        using var gone = new CancellationTokenSource();

        var request = app.Client.GetAsync(new Uri(path, UriKind.Relative), gone.Token);
        await app.ExpectAsync("http_requests_inprogress", "1");
        await Shared.Poll.UntilAsync(
            () => Task.FromResult(_waiting.ContainsKey(app.Address)),
            here => here,
            TimeSpan.FromSeconds(30));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        await app.ExpectAsync(Requests, $"{path} GET {status} 1");
        await app.ExpectAsync("http_requests_inprogress", "0");
    }

    [Theory]
    [InlineData("9223372036854775807", 0)]
    [InlineData("30000001", 0)]
    [InlineData("30000000", 30_000_000)]
    public async Task A_size_that_the_server_does_not_take_hides_no_others(string claimed, long counted)
    {
        await using var app = await StartAsync();
        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync(app.Address.Host, app.Address.Port, TestContext.Current.CancellationToken);
            await client
                .GetStream()
                .WriteAsync(
                    System.Text.Encoding.ASCII.GetBytes(
                        $"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: {claimed}\r\n\r\n"),
                    TestContext.Current.CancellationToken);
            await app.ExpectAsync(Requests, "/unread POST 200 1");
        }

        await app.ExpectAsync("http_request_size_bytes", $"/unread {counted}");
    }

    [Fact]
    public async Task What_returns_null_for_a_task_is_recorded_as_the_failure_that_it_is()
    {
        await using var app = await StartAsync();

        using var response = await app.Client.GetAsync(
            new Uri("/null", UriKind.Relative),
            TestContext.Current.CancellationToken);

        Assert.Equal(500, (int)response.StatusCode);
        await app.ExpectAsync(Requests, "/null GET 500 1");
        Assert.Equal(["0"], app.Series("http_requests_inprogress"));
    }

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<Uri, bool> _waiting = [];

    private static Task<MeasuredApp> StartAsync(
        Func<Instrumentation, Instrumentation>? change = null,
        bool timeoutsOutside = false)
    {
        var files = new FileSource();
        return MeasuredApp.StartAsync(
            app =>
            {
                if (timeoutsOutside)
                    app.UseRequestTimeouts();
                app.UseInstrumentator();
                if (!timeoutsOutside)
                    app.UseRequestTimeouts();
                app.UseCors();
                app.UseStaticFiles(new StaticFileOptions { FileProvider = files });
                app.Map("/branch", branch => branch.Run(context => context.Response.WriteAsync("branch")));
                app.MapGet("/items/{id}", (string id) => id);
                app.MapPost("/unread", () => { });
                Task? none = null;
                app.MapGet("/null", (RequestDelegate)(_ => none!));
                app.MapGet("/redirected", () => Results.Redirect("/items/5"));
                app.MapGet("/slow", (CancellationToken gone) => Task.Delay(Timeout.Infinite, gone))
                    .WithRequestTimeout(TimeSpan.FromMilliseconds(20));
                app.MapGet("/slow/teapot", (CancellationToken gone) => Task.Delay(Timeout.Infinite, gone))
                    .WithRequestTimeout(
                        new RequestTimeoutPolicy { Timeout = TimeSpan.FromMilliseconds(20), TimeoutStatusCode = 418 });
                app.MapGet("/waits/throws", WaitAsync);
                app.MapGet("/waits/returns", async (HttpContext context) =>
                {
                    try
                    {
                        await WaitAsync(context);
                    }
                    catch (OperationCanceledException)
                    {
                        // It goes on as if nothing had happened.
                    }
                });
                app.MapGet("/waits/begun", async (HttpContext context) =>
                {
                    await context.Response.WriteAsync("begun");
                    await context.Response.Body.FlushAsync();
                    await WaitAsync(context);
                });
                app.MapFallback("/deep/{*path:nonfile}", () => "page");
            },
            it => (change ?? (same => same))(it.With(config => config with { InProgress = new() })),
            services =>
                services
                    .AddRequestTimeouts()
                    .AddCors(options => options.AddDefaultPolicy(policy => policy.AllowAnyOrigin())));
    }

    private static Task WaitAsync(HttpContext context)
    {
        _waiting[new Uri($"{context.Request.Scheme}://{context.Request.Host}")] = true;
        return Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    /// <summary>One file.</summary>
    private sealed class FileSource : IFileProvider
    {
        public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

        public IFileInfo GetFileInfo(string subpath) =>
            subpath == "/app.css" ? new Css() : new NotFoundFileInfo(subpath);

        public Microsoft.Extensions.Primitives.IChangeToken Watch(string filter) => NullChangeToken.Singleton;
    }

    private sealed class Css : IFileInfo
    {
        public bool Exists => true;

        public bool IsDirectory => false;

        public DateTimeOffset LastModified => DateTimeOffset.UnixEpoch;

        public long Length => 2;

        public string Name => "app.css";

        public string? PhysicalPath => null;

        public Stream CreateReadStream() => new MemoryStream("{}"u8.ToArray());
    }
}
