using System.Net;
using System.Net.Sockets;
using Instrumentator.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Instrumentator.EndToEnd;

/// <summary>Readers that take nothing of what they asked for, on real connections. Memory is that of the process, so no
/// other test may run at the same time.</summary>
[Collection(nameof(SlowReaderTests))]
[CollectionDefinition(nameof(SlowReaderTests), DisableParallelization = true)]
public sealed class SlowReaderTests
{
    private const int BodySize = 22_000_000;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_loses_its_place_to_others_when_its_time_is_over()
    {
        var registry = new Registry();
        var family = registry.Gauge("large", "More than the buffers of a connection hold.", "x");
        for (var i = 0; i < 9_000; i++)
            family.With($"{i}{new string('x', 2_000)}").Set(i);
        await using var app = await LocalServer.StartAsync(_ => Build(
            registry, new() { MaxConcurrentScrapes = 1, Timeout = TimeSpan.FromSeconds(2) }));
        using var reader = new TcpClient();
        await reader.ConnectAsync(IPAddress.Loopback, app.Address().Port, TestContext.Current.CancellationToken);
        await reader
            .GetStream()
            .WriteAsync(
                "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(),
                TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = app.Address() };
        await Poll.UntilAsync(
            () => StatusAsync(client),
            status => status == HttpStatusCode.ServiceUnavailable,
            TimeSpan.FromSeconds(20));

        Assert.Equal(
            HttpStatusCode.OK,
            await Poll.UntilAsync(
                () => StatusAsync(client),
                status => status == HttpStatusCode.OK,
                TimeSpan.FromSeconds(60)));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(200)]
    public Task Many_hold_no_copies_of_the_body_and_others_are_answered(int readers) =>
        AssertHarmlessAsync(HttpProtocols.Http1, async address =>
            await Task.WhenAll(Enumerable.Range(0, readers).Select(_ => StallAsync(address))));

    [Fact]
    public Task Nor_do_many_streams_of_one_connection() =>
        AssertHarmlessAsync(HttpProtocols.Http2, async address =>
            [await WireClient.StallAsync(address, "/metrics", requests: 40)]);

    private static async Task AssertHarmlessAsync(HttpProtocols protocol, Func<Uri, Task<TcpClient[]>> stallAsync)
    {
        await using var app = await LocalServer.StartAsync(_ => Build(LargeRegistry(), new(), protocol));
        using var client = new HttpClient
        {
            BaseAddress = app.Address(),
            DefaultRequestVersion = protocol == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal(HttpStatusCode.OK, await ScrapeAsync(client));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var readers = await stallAsync(app.Address());
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(
                HttpStatusCode.OK,
                await Poll.UntilAsync(() => ScrapeAsync(client), status => status == HttpStatusCode.OK, _patience));
        }
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 5 * BodySize);

        foreach (var reader in readers)
            reader.Dispose();
        Assert.Equal(HttpStatusCode.OK, await ScrapeAsync(client));
    }

    private static async Task<TcpClient> StallAsync(Uri address)
    {
        var reader = new TcpClient { ReceiveBufferSize = 4096 };
        await reader.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        await reader
            .GetStream()
            .WriteAsync(
                "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(),
                TestContext.Current.CancellationToken);
        return reader;
    }

    private static Registry LargeRegistry()
    {
        var registry = new Registry(seriesLimit: BodySize / 1_000);
        var family = registry.Gauge("large", "More than the buffers of a connection hold.", "x");
        for (var i = 0; i < BodySize / 1_000; i++)
            family.With($"{i}{new string('x', 1_000)}").Set(i);
        return registry;
    }

    private static WebApplication Build(
        Registry registry, ScrapeOptions options, HttpProtocols protocol = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocol));
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapInstrumentator(options: options with { Registry = registry });
        return app;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/metrics?name[]=none", TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> ScrapeAsync(HttpClient client)
    {
        using var response = await client.GetAsync(
            "/metrics", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await response.Content.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        if (response.IsSuccessStatusCode)
            Assert.InRange(response.Content.Headers.ContentLength!.Value, BodySize, BodySize * 2);
        return response.StatusCode;
    }
}
