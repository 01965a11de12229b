using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace Instrumentator.GrpcTests;

/// <summary>Calls of each kind of method over HTTP/2, with each outcome: unary ones are latencies, streaming ones are
/// long-lived.</summary>
public sealed class GrpcCallTests
{
    [Theory]
    [InlineData("ok", "OK")]
    [InlineData("not-found", "NOT_FOUND")]
    [InlineData("throws", "UNKNOWN")]
    public async Task A_unary_call_is_a_latency_whatever_its_status(string end, string status)
    {
        await using var app = await GrpcApp.StartAsync();

        // More than the first responses, from which other routes learn what they are.
        for (var i = 0; i < 15; i++)
            await CallAsync(app.Client, "Unary", end);

        await ExpectLatencyAsync(app, $"/shop.Calls/Unary POST 200 {status}", 15);
    }

    [Theory]
    [InlineData("ClientStream", "ok", "OK")]
    [InlineData("ClientStream", "not-found", "NOT_FOUND")]
    [InlineData("ClientStream", "throws", "UNKNOWN")]
    [InlineData("ServerStream", "ok", "OK")]
    [InlineData("ServerStream", "not-found", "NOT_FOUND")]
    [InlineData("ServerStream", "refused", "NOT_FOUND")]
    [InlineData("ServerStream", "throws", "UNKNOWN")]
    [InlineData("Duplex", "ok", "OK")]
    [InlineData("Duplex", "not-found", "NOT_FOUND")]
    [InlineData("Duplex", "refused", "NOT_FOUND")]
    [InlineData("Duplex", "throws", "UNKNOWN")]
    public async Task A_streaming_call_is_long_lived_whatever_its_status(string method, string end, string status)
    {
        await using var app = await GrpcApp.StartAsync();

        for (var i = 0; i < 15; i++)
            await CallAsync(app.Client, method, end);

        await ExpectLongLivedAsync(app, $"/shop.Calls/{method} POST 200 {status}", 15);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("ClientStream")]
    [InlineData("ServerStream")]
    [InlineData("Duplex")]
    public async Task A_deadline_is_seen_whether_the_client_or_the_server_notices_it_first(string method)
    {
        await using var app = await GrpcApp.StartAsync();

        Assert.Equal(
            StatusCode.DeadlineExceeded,
            await CallAsync(app.Client, method, "waits", new(deadline: DateTime.UtcNow.AddSeconds(0.3))));

        var series = await RecordedAsync(app);
        Assert.Matches(@"^/shop\.Calls/\w+ POST (200|499) (DEADLINE_EXCEEDED|CANCELLED) 1$", series);
        await ExpectCallAsync(app, series[..^2], isLongLived: method != "Unary");
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("ClientStream")]
    [InlineData("ServerStream")]
    [InlineData("Duplex")]
    public async Task A_deadline_that_only_the_server_knows_is_DEADLINE_EXCEEDED(string method)
    {
        await using var app = await GrpcApp.StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/shop.Calls/{method}", UriKind.Relative))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 7, 0x0a, 5, .. "waits"u8])
            {
                Headers = { { "Content-Type", "application/grpc" } },
            },
            Headers = { { "grpc-timeout", "300m" }, { "TE", "trailers" } },
        };
        using var response = await app.Http2.SendAsync(request, TestContext.Current.CancellationToken);

        await ExpectCallAsync(app, $"/shop.Calls/{method} POST 200 DEADLINE_EXCEEDED", isLongLived: method != "Unary");
    }

    [Theory]
    [InlineData("Unary", 499)]
    [InlineData("ClientStream", 499)]
    [InlineData("ServerStream", 200)]
    [InlineData("Duplex", 200)]
    public async Task A_call_that_its_client_cancels_is_CANCELLED(string method, int status)
    {
        await using var app = await GrpcApp.StartAsync(
            config: it => it with { InProgress = new() { Labels = true } });
        using var cancellation = new CancellationTokenSource();

        var call = CallAsync(app.Client, method, "waits", new(cancellationToken: cancellation.Token));
        await app.ExpectAsync("http_requests_inprogress", $"/shop.Calls/{method} POST 1");
        await app.ExpectAsync(GrpcApp.Open, method == "Unary" ? [] : [$"/shop.Calls/{method} 1"]);
        // The handler waits by then, and the response of the last two has started.
        await Task.Delay(300, TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, await call);

        await ExpectCallAsync(app, $"/shop.Calls/{method} POST {status} CANCELLED", isLongLived: method != "Unary");
        await app.ExpectAsync("http_requests_inprogress", $"/shop.Calls/{method} POST 0");
    }

    [Fact]
    public async Task Methods_and_services_that_do_not_exist_are_latencies_with_two_labels_for_all_of_them()
    {
        await using var app = await GrpcApp.StartAsync();

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(StatusCode.Unimplemented, await CallUnknownAsync(app, "shop.Calls", $"Method{i}"));
            Assert.Equal(StatusCode.Unimplemented, await CallUnknownAsync(app, $"evil.Service{i}", "Method"));
        }

        string[] series =
        [
            "/shop.Calls/{unimplementedMethod} POST 200 UNIMPLEMENTED 20",
            "/{unimplementedService}/{unimplementedMethod} POST 200 UNIMPLEMENTED 20",
        ];
        await app.ExpectAsync(GrpcApp.Requests, series);
        Assert.Equal(40, app.Series(GrpcApp.Latency).Sum(CountOf));
        Assert.Empty(app.Series(GrpcApp.LongLived));
        Assert.Empty(app.Series(GrpcApp.Open));
    }

    [Fact]
    public async Task A_request_that_is_no_call_has_no_status_or_the_one_that_the_server_gave_it()
    {
        await using var app = await GrpcApp.StartAsync(it =>
        {
            it.MapGrpcService<CallsService>();
            it.MapGet("/plain", () => "plain");
        });

        await app.Http2.GetStringAsync(new Uri("/plain", UriKind.Relative), TestContext.Current.CancellationToken);
        using var body = new StringContent("{}");
        using var response = await app.Http2.PostAsync(
            new Uri("/shop.Calls/Unary", UriKind.Relative), body, TestContext.Current.CancellationToken);

        await app.ExpectAsync(
            GrpcApp.Requests, "/plain GET 200  1", "/shop.Calls/Unary POST 415 INTERNAL 1");
        Assert.Equal(2, app.Series(GrpcApp.Latency).Sum(CountOf));
    }

    [Fact]
    public async Task A_method_that_is_marked_as_long_lived_is()
    {
        await using var app = await GrpcApp.StartAsync(it => it.MapGrpcService<CallsService>().AsLongLived());

        await CallAsync(app.Client, "Unary", "ok");

        await ExpectLongLivedAsync(app, "/shop.Calls/Unary POST 200 OK", 1);
    }

    [Fact]
    public async Task Without_LongLived_streaming_calls_are_latencies()
    {
        await using var app = await GrpcApp.StartAsync(config: it => it with { LongLived = null });

        await CallAsync(app.Client, "Duplex", "ok");

        await ExpectLatencyAsync(app, "/shop.Calls/Duplex POST 200 OK", 1);
    }

    [Theory]
    [InlineData("Unary", "ok", "OK")]
    [InlineData("Unary", "not-found", "NOT_FOUND")]
    [InlineData("Unary", "throws", "UNKNOWN")]
    [InlineData("ServerStream", "ok", "OK")]
    [InlineData("ServerStream", "not-found", "NOT_FOUND")]
    [InlineData("ServerStream", "refused", "NOT_FOUND")]
    public async Task Calls_by_gRPC_Web_over_HTTP_1_are_recorded_alike(string method, string end, string status)
    {
        await using var app = await GrpcApp.StartAsync();

        await CallAsync(app.WebClient, method, end);

        await ExpectCallAsync(app, $"/shop.Calls/{method} POST 200 {status}", isLongLived: method != "Unary");
    }

    [Theory]
    [InlineData("unary", "ok", 200)]
    [InlineData("unary", "not-found", 404)]
    [InlineData("unary", "throws", 500)]
    [InlineData("stream", "ok", 200)]
    public async Task Calls_by_JSON_transcoding_have_the_status_of_HTTP_alone(string kind, string end, int status)
    {
        await using var app = await GrpcApp.StartAsync();

        using var response = await app.Http1.GetAsync(
            new Uri($"/json/{kind}/{end}", UriKind.Relative), TestContext.Current.CancellationToken);

        await ExpectCallAsync(app, $"/json/{kind}/{{end}} GET {status} ", isLongLived: kind == "stream");
    }

    private static async Task<StatusCode> CallAsync(
        Calls.CallsClient client, string method, string end, CallOptions options = default)
    {
        var request = new Request { End = end };
        try
        {
            var call = method switch
            {
                "Unary" => client.UnaryAsync(request, options).ResponseAsync,
                "ClientStream" => SendAsync(client.ClientStream(options), request),
                "ServerStream" => ReadAsync(client.ServerStream(request, options).ResponseStream),
                _ => ExchangeAsync(client.Duplex(options), request),
            };
            await call.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private static async Task SendAsync(AsyncClientStreamingCall<Request, Reply> call, Request request)
    {
        await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        await call;
    }

    private static async Task ExchangeAsync(AsyncDuplexStreamingCall<Request, Reply> call, Request request)
    {
        await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        await ReadAsync(call.ResponseStream);
    }

    private static async Task ReadAsync(IAsyncStreamReader<Reply> replies)
    {
        while (await replies.MoveNext(CancellationToken.None))
        {
            // What is sent does not matter.
        }
    }

    private static async Task<StatusCode> CallUnknownAsync(GrpcApp app, string service, string name)
    {
        var marshaller = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);
        var method = new Method<byte[], byte[]>(MethodType.Unary, service, name, marshaller, marshaller);
        using var call = app.Invoker.AsyncUnaryCall(method, null, default, []);
        return (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode;
    }

    private static async Task<string> RecordedAsync(GrpcApp app) => Assert.Single(await Shared.Poll.UntilAsync(
        () => Task.FromResult(app.Series(GrpcApp.Requests)), series => series.Length > 0, TimeSpan.FromSeconds(20)));

    private static Task ExpectCallAsync(GrpcApp app, string series, bool isLongLived) =>
        isLongLived ? ExpectLongLivedAsync(app, series, 1) : ExpectLatencyAsync(app, series, 1);

    private static async Task ExpectLatencyAsync(GrpcApp app, string series, int count)
    {
        await app.ExpectAsync(GrpcApp.Requests, $"{series} {count}");
        Assert.Equal(count, app.Series(GrpcApp.Latency).Sum(CountOf));
        Assert.Equal(count, app.Series("http_request_duration_highr_seconds").Sum(CountOf));
        Assert.Empty(app.Series(GrpcApp.LongLived));
        Assert.Empty(app.Series(GrpcApp.Open));
    }

    private static async Task ExpectLongLivedAsync(GrpcApp app, string series, int count)
    {
        await app.ExpectAsync(GrpcApp.Requests, $"{series} {count}");
        var handler = series[..series.IndexOf(' ', StringComparison.Ordinal)];
        await app.ExpectAsync(GrpcApp.LongLived, $"{handler} {count}");
        await app.ExpectAsync(GrpcApp.Open, $"{handler} 0");
        Assert.Empty(app.Series(GrpcApp.Latency));
        Assert.Equal(0, app.Series("http_request_duration_highr_seconds").Sum(CountOf));
    }

    private static int CountOf(string series) =>
        int.Parse(series[(series.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
}
