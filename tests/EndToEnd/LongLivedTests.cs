using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.EndToEnd;

/// <summary>Requests that stay open as long as their client likes: in no histogram of latencies, and in a gauge and a
/// histogram of their own.</summary>
public sealed class LongLivedTests
{
    private const string Open = "http_long_lived_requests_inprogress";
    private const string Duration = "http_long_lived_request_duration_seconds";
    private const string Latency = "http_request_duration_seconds";
    private const string Requests = "http_requests_total";

    [Theory]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    [InlineData(true, false, true)]
    public async Task A_web_socket_is_open_while_it_is_and_no_latency(bool http2, bool routed, bool isInner)
    {
        await using var app = await StartAsync(
            http2 ? HttpProtocols.Http2 : HttpProtocols.Http1, routed, isInner: isInner);
        var handler = routed ? "/echo" : "none";

        using (var invoker = new HttpMessageInvoker(new SocketsHttpHandler()))
        using (var socket = new ClientWebSocket())
        {
            (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (
                http2 ? HttpVersion.Version20 : HttpVersion.Version11,
                HttpVersionPolicy.RequestVersionExact);
            await socket.ConnectAsync(
                new UriBuilder(app.Address) { Scheme = "ws", Path = "/echo" }.Uri,
                invoker,
                TestContext.Current.CancellationToken);
            await app.ExpectAsync(Open, $"{handler} 1");
            Assert.Empty(app.Series(Requests));
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        }

        await app.ExpectAsync(Requests, http2 ? $"{handler} CONNECT 200 1" : $"{handler} GET 101 1");
        await ExpectClosedAsync(app, handler);
    }

    [Fact]
    public async Task A_web_socket_whose_client_is_gone_is_open_no_more()
    {
        await using var app = await StartAsync();

        using (var socket = new ClientWebSocket())
        {
            await socket.ConnectAsync(
                new UriBuilder(app.Address) { Scheme = "ws", Path = "/echo" }.Uri,
                TestContext.Current.CancellationToken);
            await app.ExpectAsync(Open, "/echo 1");
            socket.Abort();
        }

        await ExpectClosedAsync(app, "/echo");
    }

    [Theory]
    [InlineData("/events")]
    [InlineData("/events/by-hand")]
    public async Task Server_sent_events_are_open_while_they_are_and_no_latency(string path)
    {
        await using var app = await StartAsync();

        using (
            var response = await app.Client.GetAsync(
                new Uri(path, UriKind.Relative),
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken))
        {
            await app.ExpectAsync(Open, $"{path} 1");
        }

        await app.ExpectAsync(Requests, $"{path} GET 200 1");
        await ExpectClosedAsync(app, path);
    }

    [Fact]
    public async Task A_stream_of_messages_that_ends_is_counted_once_and_so_is_each_one_after_many_plain_answers()
    {
        await using var app = await StartAsync();

        for (var i = 0; i < 200; i++)
        {
            await app.Client.GetStringAsync(
                new Uri("/sometimes?plain", UriKind.Relative),
                TestContext.Current.CancellationToken);
        }

        for (var i = 0; i < 3; i++)
        {
            await app.Client.GetStringAsync(
                new Uri("/sometimes", UriKind.Relative),
                TestContext.Current.CancellationToken);
        }

        await app.ExpectAsync(Duration, "/sometimes 3");
        await app.ExpectAsync(Open, "/sometimes 0");
        await app.ExpectAsync(Latency, "/sometimes GET 200");
        await app.ExpectAsync(Requests, "/sometimes GET 200 203");

        // By now its begin is watched, whatever was remembered of the route.
        using (
            await app.Client.GetAsync(
                new Uri("/sometimes?held", UriKind.Relative),
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken))
        {
            await app.ExpectAsync(Open, "/sometimes 1");
        }

        await app.ExpectAsync(Open, "/sometimes 0");
    }

    [Fact]
    public async Task Errors_before_it_do_not_hide_a_stream()
    {
        await using var app = await StartAsync();

        for (var i = 0; i < 50; i++)
        {
            using (
                await app.Client.GetAsync(
                    new Uri("/sometimes?refused", UriKind.Relative),
                    TestContext.Current.CancellationToken)
            ) { }
        }

        for (var i = 0; i < 50; i++)
        {
            using (
                await app.Client.GetAsync(
                    new Uri("/nowhere", UriKind.Relative),
                    TestContext.Current.CancellationToken)
            ) { }
        }

        using (
            await app.Client.GetAsync(
                new Uri("/sometimes?held", UriKind.Relative),
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken))
        {
            await app.ExpectAsync(Open, "/sometimes 1");
        }

        await app.ExpectAsync(Open, "/sometimes 0");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_web_socket_whose_path_is_its_label_is_open_under_it(bool labels)
    {
        await using var app = await StartAsync(
            routed: false,
            change: it =>
                it.With(config =>
                    config with
                    {
                        Untemplated = Untemplated.Path(),
                        InProgress = new() { Labels = labels },
                    }));

        using (var socket = new ClientWebSocket())
        {
            await socket.ConnectAsync(
                new UriBuilder(app.Address) { Scheme = "ws", Path = "/echo" }.Uri,
                TestContext.Current.CancellationToken);
            await app.ExpectAsync(Open, "/echo 1");
        }

        await ExpectClosedAsync(app, "/echo");
    }

    [Fact]
    public async Task A_stream_whose_client_is_gone_before_its_first_byte_is_no_latency()
    {
        var release = new TaskCompletionSource();
        await using var app = await StartAsync(release: release);
        using var gone = new CancellationTokenSource();

        var request = app.Client.GetAsync(new Uri("/events/silent", UriKind.Relative), gone.Token);
        await release.Task.WaitAsync(TestContext.Current.CancellationToken);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        await app.ExpectAsync(Requests, "/events/silent GET 499 1");
        await app.ExpectAsync(Duration, "/events/silent 1");
        Assert.Empty(app.Series(Latency));
    }

    [Fact]
    public async Task Grpc_is_kept_apart_whatever_it_answers()
    {
        await using var app = await StartAsync(HttpProtocols.Http2);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/shop.Orders/Take")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
        };

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await app.ExpectAsync(Requests, "/shop.Orders/Take POST 200 1");
        await ExpectClosedAsync(app, "/shop.Orders/Take");
    }

    [Theory]
    [InlineData("Accept", "text/event-stream")]
    [InlineData("Content-Type", "application/grpc")]
    [InlineData("Upgrade", "websocket")]
    public async Task What_a_client_says_does_not_take_a_request_out_of_the_latencies(string header, string value)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/plain");
        if (header == "Content-Type")
            request.Content = new ByteArrayContent([1]) { Headers = { { header, value } } };
        else
            request.Headers.Add(header, value);
        if (header == "Upgrade")
            request.Headers.Connection.Add("Upgrade");

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await app.ExpectAsync(Latency, "/plain GET 1");
        Assert.Empty(app.Series(Open));
    }

    [Theory]
    [InlineData("/plain/any", "/plain/any", false)]
    [InlineData("/plain/any", "/plain/any", true)]
    [InlineData("/plain/unrouted", "none", false)]
    public async Task A_CONNECT_that_the_app_does_not_accept_is_a_latency(string path, string handler, bool isInner)
    {
        await using var app = await StartAsync(
            HttpProtocols.Http2,
            change: it => it.With(config => config with { BodySizes = BodySizes.Actual }),
            isInner: isInner);

        var sent = await WireClient.SendAsync(app.Address, isHttp2: true, new("GET", path, IsTunnel: true));

        await app.ExpectAsync(Latency, $"{handler} CONNECT 1");
        await app.ExpectAsync("http_response_size_bytes", $"{handler} {sent}");
        Assert.Empty(app.Series(Open));
        Assert.Empty(app.Series(Duration));
    }

    [Fact]
    public async Task A_hub_is_kept_apart_by_long_polling_too_and_its_negotiation_is_not()
    {
        await using var app = await StartAsync();

        using var negotiated = await app.Client.PostAsync(
            new Uri("/hub/negotiate?negotiateVersion=1", UriKind.Relative),
            null,
            TestContext.Current.CancellationToken);
        using var answer = JsonDocument.Parse(
            await negotiated.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var poll = new Uri(
            $"/hub?id={answer.RootElement.GetProperty("connectionToken").GetString()}",
            UriKind.Relative);

        // The first poll is answered at once, the second one when there is something to say.
        using (var first = await app.Client.GetAsync(poll, TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        var waiting = app.Client.GetAsync(poll, TestContext.Current.CancellationToken);
        await app.ExpectAsync(Open, "/hub 1");
        using var handshake = await app.Client.PostAsync(
            poll,
            new StringContent("{\"protocol\":\"json\",\"version\":1}\u001e", Encoding.UTF8),
            TestContext.Current.CancellationToken);
        using var polled = await waiting;

        await app.ExpectAsync(Open, "/hub 0");
        await app.ExpectAsync(Latency, "/hub/negotiate POST 1", "/hub POST 1");
        await app.ExpectAsync(Duration, "/hub 2");
    }

    [Fact]
    public async Task A_hub_over_a_web_socket_is_open_once()
    {
        await using var app = await StartAsync();

        using (var socket = new ClientWebSocket())
        {
            await socket.ConnectAsync(
                new UriBuilder(app.Address) { Scheme = "ws", Path = "/hub" }.Uri,
                TestContext.Current.CancellationToken);
            await app.ExpectAsync(Open, "/hub 1");
            await socket.SendAsync(
                Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"),
                WebSocketMessageType.Text,
                true,
                TestContext.Current.CancellationToken);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        }

        await ExpectClosedAsync(app, "/hub");
    }

    [Fact]
    public async Task An_endpoint_that_says_so_is_kept_apart_from_its_begin()
    {
        var release = new TaskCompletionSource();
        await using var app = await StartAsync(release: release);

        var waiting = app.Client.GetStringAsync(
            new Uri("/poll", UriKind.Relative),
            TestContext.Current.CancellationToken);
        await app.ExpectAsync(Open, "/poll 1");
        release.SetResult();
        await waiting;

        await ExpectClosedAsync(app, "/poll");
    }

    [Fact]
    public async Task Where_nothing_is_long_lived_all_are_latencies()
    {
        await using var app = await StartAsync(change: it => it.With(config => config with { LongLived = null }));

        await app.Client.GetStringAsync(new Uri("/sometimes", UriKind.Relative), TestContext.Current.CancellationToken);

        await app.ExpectAsync(Latency, "/sometimes GET 1");
        Assert.Empty(app.Series(Open));
        Assert.Empty(app.Series(Duration));
    }

    [Fact]
    public async Task The_gauge_of_all_requests_in_progress_counts_them_too()
    {
        await using var app = await StartAsync(change: it => it.With(config => config with { InProgress = new() }));

        using (
            var response = await app.Client.GetAsync(
                new Uri("/events", UriKind.Relative),
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken))
        {
            await app.ExpectAsync("http_requests_inprogress", "1");
        }

        await app.ExpectAsync("http_requests_inprogress", "0");
    }

    private static async Task ExpectClosedAsync(MeasuredApp app, string handler)
    {
        await app.ExpectAsync(Open, $"{handler} 0");
        await app.ExpectAsync(Duration, $"{handler} 1");
        Assert.Empty(app.Series(Latency));
        Assert.Equal(["0"], app.Series("http_request_duration_highr_seconds"));
    }

    private static Task<MeasuredApp> StartAsync(
        HttpProtocols protocols = HttpProtocols.Http1,
        bool routed = true,
        Func<Instrumentation, Instrumentation>? change = null,
        TaskCompletionSource? release = null,
        bool isInner = false) => MeasuredApp.StartAsync(
        app =>
        {
            if (isInner)
                app.UseWebSockets();
            app.UseInstrumentator();
            if (!isInner)
                app.UseWebSockets();
            if (routed)
                app.Map("/echo", EchoAsync);
            else
                app.Use((context, next) => context.Request.Path == "/echo" ? EchoAsync(context) : next(context));
            app.MapGet("/plain", () => "plain");
            app.Map("/plain/any", () => "plain");
            app.Use((context, next) => context.Request.Path == "/plain/unrouted"
                ? context.Response.WriteAsync("plain")
                : next(context));
            app.MapGet("/events", (CancellationToken gone) => TypedResults.ServerSentEvents(EventsAsync(gone)));
            app.MapGet("/events/by-hand", async (HttpContext context) =>
            {
                context.Response.ContentType = "text/event-stream; charset=utf-8";
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            });
            app.MapGet("/events/silent", async (HttpContext context) =>
            {
                context.Response.ContentType = "text/event-stream";
                release!.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            });
            app.MapGet("/sometimes", async (HttpContext context) =>
            {
                if (context.Request.Query.ContainsKey("refused"))
                {
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    return;
                }
                context.Response.ContentType = context.Request.Query.ContainsKey("plain")
                    ? "text/plain"
                    : "text/event-stream";
                await context.Response.WriteAsync("data: x\n\n");
                await context.Response.Body.FlushAsync();
                if (context.Request.Query.ContainsKey("held"))
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
            });
            app.MapPost("/shop.Orders/Take", async (HttpContext context) =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                context.Response.ContentType = "application/grpc+proto";
                await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
            });
            app.MapGet("/poll", async () =>
            {
                await release!.Task;
                return "changed";
            }).AsLongLived();
            app.MapHub<SilentHub>("/hub");
        },
        change, services => services.AddSignalR(), protocols);

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[100];
        while ((await socket.ReceiveAsync(buffer, context.RequestAborted)).MessageType != WebSocketMessageType.Close)
        {
            // What is sent does not matter.
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    private static async IAsyncEnumerable<string> EventsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken gone)
    {
        yield return "begun";
        await Task.Delay(Timeout.Infinite, gone);
    }
}

/// <summary>A hub that does nothing.</summary>
public sealed class SilentHub : Hub;
