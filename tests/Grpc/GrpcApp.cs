using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Instrumentator.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Instrumentator.GrpcTests;

/// <summary>An app with <see cref="CallsService"/> on Kestrel, once with HTTP/2 and once with HTTP/1.1, and the series
/// that it recorded.</summary>
internal sealed class GrpcApp : IAsyncDisposable
{
    public const string Requests = "http_requests_total";
    public const string Latency = "http_request_duration_seconds";
    public const string LongLived = "http_long_lived_request_duration_seconds";
    public const string Open = "http_long_lived_requests_inprogress";

    private readonly WebApplication _app;
    private readonly Registry _registry;
    private readonly GrpcChannel _channel;
    private readonly GrpcChannel _web;

    private GrpcApp(WebApplication app, Registry registry)
    {
        (_app, _registry) = (app, registry);
        Uri[] addresses = [.. app.Urls.Select(url => new Uri(url))];
        Http2 = new HttpClient
        {
            BaseAddress = addresses[0],
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Http1 = new HttpClient { BaseAddress = addresses[1] };
        _channel = GrpcChannel.ForAddress(addresses[0]);
        _web = GrpcChannel.ForAddress(addresses[1], new GrpcChannelOptions
        {
            HttpVersion = HttpVersion.Version11,
            HttpHandler = new GrpcWebHandler(GrpcWebMode.GrpcWebText, new HttpClientHandler()),
        });
    }

    public HttpClient Http1 { get; }

    public HttpClient Http2 { get; }

    public Calls.CallsClient Client => new(_channel);

    /// <summary>A client that speaks gRPC-Web over HTTP/1.1.</summary>
    public Calls.CallsClient WebClient => new(_web);

    public CallInvoker Invoker => _channel.CreateCallInvoker();

    public static async Task<GrpcApp> StartAsync(
        Action<WebApplication>? configure = null, Func<Config, Config>? config = null)
    {
        var registry = new Registry();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddGrpc().AddJsonTranscoding();
        builder.Services.AddInstrumentator(Instrumentation.Default
            .WithRegistry(registry)
            .With(it => (config ?? (same => same))(it with { GroupStatusCodes = false }))
            .WithDefaultMetrics(new() { ExtraRequestLabels = [RequestLabel.GrpcStatus] }));
        var app = builder.Build();
        app.UseInstrumentator();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        (configure ?? (it => it.MapGrpcService<CallsService>()))(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new GrpcApp(app, registry);
    }

    /// <inheritdoc cref="SeriesLines"/>
    public string[] Series(string family) => _registry.Series(family);

    /// <inheritdoc cref="SeriesLines.ExpectAsync"/>
    public Task ExpectAsync(string family, params string[] series) => _registry.ExpectAsync(family, series);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        _web.Dispose();
        Http1.Dispose();
        Http2.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
