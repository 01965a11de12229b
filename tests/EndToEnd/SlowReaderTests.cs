using System.Net;
using System.Net.Sockets;
using Instrumentator.Shared;
using Microsoft.AspNetCore.Builder;

namespace Instrumentator.EndToEnd;

/// <summary>A reader that takes nothing of what it asked for, on a real connection.</summary>
public sealed class SlowReaderTests
{
    [Fact]
    public async Task It_loses_its_place_to_others_when_its_time_is_over()
    {
        var registry = new Registry();
        var family = registry.Gauge("large", "More than the buffers of a connection hold.", "x");
        for (var i = 0; i < 9_000; i++)
            family.With($"{i}{new string('x', 2_000)}").Set(i);
        await using var app = await LocalServer.StartAsync(_ => Build(registry));
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

    private static WebApplication Build(Registry registry)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapInstrumentator(
            options: new()
            {
                Registry = registry,
                MaxConcurrentScrapes = 1,
                Timeout = TimeSpan.FromSeconds(2),
            });
        return app;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/metrics?name[]=none", TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
