using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Instrumentator.Benchmarks;

/// <summary>An app of one handler in ASP.NET Core's own host, without a network. The host records the framework's
/// metrics; no middleware does.</summary>
/// <param name="Services">The services of the host.</param>
/// <param name="Requests">The side that sends requests to the host.</param>
internal sealed record HostedApp(IServiceProvider Services, Side Requests)
{
    /// <summary>Returns a row that measures the overhead per request over the same host without metrics.</summary>
    public static Case Request(string name, Func<HostedApp> measured) =>
        Case.Gain(name, RequestLimits.Least, () => measured().Requests, () => Bare().Requests);

    public static HostedApp Start(
        Action<IServiceCollection>? configure = null, Action<IApplicationBuilder>? use = null)
    {
        var server = new CapturingServer();
        var host = new HostBuilder()
            .ConfigureWebHost(web => web
                .ConfigureServices(services => services.AddSingleton<IServer>(server))
                .ConfigureServices(services => configure?.Invoke(services))
                .Configure(app =>
                {
                    use?.Invoke(app);
                    app.Run(Traffic.Usual.Handler);
                }))
            .Build();
        host.Start();
        return new HostedApp(host.Services, new Side(() => server.Requests(Traffic.NewEndpoint(0))));
    }

    private static HostedApp Bare() =>
        Start(services => services.AddSingleton<IMeterFactory, UnobservedMeterFactory>());

    // OpenTelemetry chooses meters by name alone, so it would observe the host without metrics, too.
    private sealed class UnobservedMeterFactory : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new($"{options.Name}.Unobserved");

        public void Dispose() { }
    }
}
