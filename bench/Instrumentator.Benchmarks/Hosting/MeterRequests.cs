using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Instrumentator.Benchmarks;

/// <summary>Measures the overhead per request of ASP.NET Core's own metrics with a listener, in the real host without a
/// network.</summary>
internal static class MeterRequests
{
    public static IEnumerable<Case> All =>
    [
        Case.Gain("meter", RequestLimits.Least, () => Requests(listens: true), () => Requests(listens: false)),
    ];

    private static Side Requests(bool listens)
    {
        var server = new CapturingServer();
        var host = Build(server);
        if (listens)
            SummingListener.Start(host.Services.GetRequiredService<IMeterFactory>());
        host.Start();
        return new Side(() => server.Requests(Traffic.NewEndpoint(0)));
    }

    private static IHost Build(CapturingServer server) => new HostBuilder()
        .ConfigureWebHost(web => web
            .ConfigureServices(services => services.AddSingleton<IServer>(server))
            .Configure(app => app.Run(Traffic.Usual.Handler)))
        .Build();
}
