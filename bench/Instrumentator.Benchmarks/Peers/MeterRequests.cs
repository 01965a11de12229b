using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Benchmarks;

/// <summary>Measures the overhead per request of ASP.NET Core's own metrics with a listener.</summary>
internal static class MeterRequests
{
    public static IEnumerable<Case> All => [HostedApp.Request("meter", Observed)];

    private static HostedApp Observed()
    {
        var app = HostedApp.Start();
        SummingListener.Start(app.Services.GetRequiredService<IMeterFactory>());
        return app;
    }
}
