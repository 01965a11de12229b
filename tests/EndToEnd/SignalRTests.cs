using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.EndToEnd;

/// <summary>SignalR and other connection handlers, with their own client on each transport: the requests that wait for
/// messages are long-lived, and those that send are ordinary.</summary>
public sealed class SignalRTests
{
    private const string Open = "http_long_lived_requests_inprogress";
    private const string Duration = "http_long_lived_request_duration_seconds";
    private const string Latency = "http_request_duration_seconds";
    private const string HighResolution = "http_request_duration_highr_seconds";
    private const string Requests = "http_requests_total";

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task The_requests_of_a_hub_that_wait_for_messages_are_long_lived_and_all_others_are_latencies(
        HttpTransportType transport)
    {
        await using var app = await StartAsync();
        var builder = new HubConnectionBuilder().WithUrl(new Uri(app.Address, "/hub"), transport);
        await using (var connection = builder.Build())
        {
            await connection.StartAsync(TestContext.Current.CancellationToken);
            Assert.Equal("a", await connection.InvokeAsync<string>("Echo", "a", TestContext.Current.CancellationToken));
            Assert.Equal("b", await connection.InvokeAsync<string>("Echo", "b", TestContext.Current.CancellationToken));
            await app.ExpectAsync(Open, "/hub 1");
        }

        await ExpectAsync(app, "/hub", transport);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task So_are_those_of_another_connection_handler(HttpTransportType transport)
    {
        await using var app = await StartAsync();
        await using (var connection = new HttpConnection(new Uri(app.Address, "/group/raw"), transport))
        {
            await connection.StartAsync(TransferFormat.Text, TestContext.Current.CancellationToken);
            foreach (var text in new[] { "a", "b" })
            {
                await connection.Transport.Output.WriteAsync(
                    Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
                var read = await connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken);
                Assert.Equal(text, Encoding.ASCII.GetString(read.Buffer));
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
            }
            await app.ExpectAsync(Open, "/group/raw 1");
        }

        await ExpectAsync(app, "/group/raw", transport);
    }

    [Theory]
    [InlineData("/hub")]
    [InlineData("/group/raw")]
    public async Task A_web_socket_over_HTTP_2_is_long_lived(string path)
    {
        await using var app = await StartAsync(HttpProtocols.Http2);
        using (var invoker = new HttpMessageInvoker(new SocketsHttpHandler()))
        using (var socket = new ClientWebSocket())
        {
            (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) =
                (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            await socket.ConnectAsync(
                new UriBuilder(app.Address) { Scheme = "ws", Path = path }.Uri,
                invoker,
                TestContext.Current.CancellationToken);
            await app.ExpectAsync(Open, $"{path} 1");
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        }

        await app.ExpectAsync(Open, $"{path} 0");
        await app.ExpectAsync(Requests, $"{path} CONNECT 200 1");
        await app.ExpectAsync(Duration, $"{path} 1");
        Assert.Empty(app.Series(Latency));
    }

    [Theory]
    [InlineData("GET", "?id=unknown", 404)]
    [InlineData("GET", "", 400)]
    [InlineData("POST", "?id=unknown", 404)]
    [InlineData("DELETE", "?id=unknown", 404)]
    [InlineData("OPTIONS", "", 405)]
    [InlineData("HEAD", "", 405)]
    [InlineData("GET", "/negotiate", 405)]
    public async Task Requests_that_the_connection_endpoint_refuses_are_latencies(
        string method, string rest, int status)
    {
        await using var app = await StartAsync();
        foreach (var path in new[] { "/hub", "/group/raw" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path + rest);
            using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, (int)response.StatusCode);
        }

        var negotiate = rest == "/negotiate" ? rest : "";
        await app.ExpectAsync(Latency, $"/hub{negotiate} {method} 1", $"/group/raw{negotiate} {method} 1");
        Assert.Empty(app.Series(Duration));
        Assert.All(app.Series(Open), series => Assert.EndsWith(" 0", series, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_poll_whose_client_hangs_up_is_long_lived_and_a_send_in_progress_is_not_open()
    {
        await using var app = await StartAsync();
        using var gone = new CancellationTokenSource();
        var poll = await NegotiateAsync(app);
        using (var first = await app.Client.GetAsync(poll, TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await app.ExpectAsync(Open, "/hub 0");

        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var sending = app.Client.PostAsync(
            poll, new HeldContent(begun, release.Task), TestContext.Current.CancellationToken);
        await begun.Task;
        await app.ExpectAsync("http_requests_inprogress", "1");
        Assert.Equal(["/hub 0"], app.Series(Open));
        var waiting = app.Client.GetAsync(poll, gone.Token);
        await app.ExpectAsync(Open, "/hub 1");
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await app.ExpectAsync(Open, "/hub 0");
        release.SetResult();
        using var sent = await sending;

        await app.ExpectAsync("http_requests_inprogress", "0");
        await app.ExpectAsync(Duration, "/hub 2");
        await app.ExpectAsync(Latency, "/hub/negotiate POST 1", "/hub POST 1");

        using var closed = await app.Client.DeleteAsync(poll, TestContext.Current.CancellationToken);
        await app.ExpectAsync(Latency, "/hub/negotiate POST 1", "/hub POST 1", "/hub DELETE 1");
        await app.ExpectAsync(Duration, "/hub 2");
    }

    [Fact]
    public async Task A_mark_on_a_hub_does_not_make_its_sends_long_lived()
    {
        await using var app = await StartAsync();

        using var negotiated = await app.Client.PostAsync(
            new Uri("/marked/negotiate?negotiateVersion=1", UriKind.Relative),
            null,
            TestContext.Current.CancellationToken);
        using var sent = await app.Client.PostAsync(
            new Uri("/marked?id=unknown", UriKind.Relative), null, TestContext.Current.CancellationToken);

        await app.ExpectAsync(Latency, "/marked/negotiate POST 1", "/marked POST 1");
        Assert.Empty(app.Series(Duration));
    }

    [Fact]
    public async Task Where_nothing_is_long_lived_polls_are_latencies()
    {
        await using var app = await StartAsync(change: it => it.With(config => config with { LongLived = null }));

        using var first = await app.Client.GetAsync(await NegotiateAsync(app), TestContext.Current.CancellationToken);

        await app.ExpectAsync(Latency, "/hub/negotiate POST 1", "/hub GET 1");
        Assert.Empty(app.Series(Open));
    }

    private static async Task ExpectAsync(MeasuredApp app, string path, HttpTransportType transport)
    {
        await app.ExpectAsync(Open, $"{path} 0");
        await app.ExpectAsync("http_requests_inprogress", "0");
        string[] expected = transport switch
        {
            HttpTransportType.WebSockets => [$"{path}/negotiate POST"],
            _ => [$"{path}/negotiate POST", $"{path} POST"],
        };

        // The last request is recorded when its client may long have its response.
        var seen = await Shared.Poll.UntilAsync(
            () => Task.FromResult(app.Series(Requests)),
            series => expected.Append($"{path} GET").All(start =>
                Array.Exists(series, one => one.StartsWith($"{start} ", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(30));
        var requests = seen.Select(series => series.Split(' ')).ToLookup(
            parts => $"{parts[0]} {parts[1]}",
            parts => int.Parse(parts[3], System.Globalization.CultureInfo.InvariantCulture));

        // One for each poll of long polling, which has no others.
        var waits = requests[$"{path} GET"].Sum();
        Assert.InRange(waits, 1, transport == HttpTransportType.LongPolling ? 100 : 1);
        Assert.Equal([$"{path} {waits}"], app.Series(Duration));
        var others = requests.Where(one => one.Key != $"{path} GET").ToArray();
        Assert.Equal(
            others.Select(one => $"{one.Key} {one.Sum()}").Order(StringComparer.Ordinal),
            app.Series(Latency).Order(StringComparer.Ordinal));
        Assert.Equal([$"{others.Sum(one => one.Sum())}"], app.Series(HighResolution));

        // A client of long polling closes with a DELETE, unless the server has closed first.
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            others.Select(one => one.Key).Where(key => key != $"{path} DELETE").Order(StringComparer.Ordinal));
    }

    private static async Task<Uri> NegotiateAsync(MeasuredApp app)
    {
        using var negotiated = await app.Client.PostAsync(
            new Uri("/hub/negotiate?negotiateVersion=1", UriKind.Relative),
            null,
            TestContext.Current.CancellationToken);
        using var answer = System.Text.Json.JsonDocument.Parse(
            await negotiated.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return new Uri($"/hub?id={answer.RootElement.GetProperty("connectionToken").GetString()}", UriKind.Relative);
    }

    private static Task<MeasuredApp> StartAsync(
        HttpProtocols protocols = HttpProtocols.Http1, Func<Instrumentation, Instrumentation>? change = null) =>
        MeasuredApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapHub<EchoHub>("/hub");
                app.MapHub<EchoHub>("/marked").AsLongLived();
                app.MapGroup("/group").MapConnectionHandler<EchoHandler>("/raw");
            },
            it => (change ?? (one => one))(it.With(config => config with { InProgress = new() })),
            services => services.AddSignalR(),
            protocols);

    private sealed class HeldContent(TaskCompletionSource begun, Task release) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("{\"protocol\":\"json\","u8.ToArray());
            await stream.FlushAsync();
            begun.SetResult();
            await release;
            await stream.WriteAsync("\"version\":1}\u001e"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

/// <summary>A hub that returns what it is sent.</summary>
public sealed class EchoHub : Hub
{
    public string Echo(string text) => text;
}

/// <summary>A connection handler that sends back what it receives.</summary>
public sealed class EchoHandler : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        while (await connection.Transport.Input.ReadAsync() is { IsCompleted: false } read)
        {
            foreach (var part in read.Buffer)
                await connection.Transport.Output.WriteAsync(part);
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
        }
    }
}
