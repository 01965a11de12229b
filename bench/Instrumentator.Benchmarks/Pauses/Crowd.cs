using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Benchmarks;

/// <summary>An app with the default metrics, and a family with very many series in the same registry.</summary>
internal sealed class Crowd
{
    private readonly Work _requests;
    private readonly RequestDelegate _scrape;
    private readonly Family<Counter> _family;

    public Crowd(int series)
    {
        var registry = new Registry(seriesLimit: series);
        _family = registry.Counter("tenant_calls_total", "Calls by tenant.", "tenant", "method", "status");
        _requests = Traffic.Usual.To(App.Measured(it => it.WithRegistry(registry), Traffic.Usual)).ForThread();
        _scrape = ScrapeOf(registry);
    }

    /// <summary>The size of the last scrape in bytes.</summary>
    public long ScrapedBytes { get; private set; }

    public void Request() => _requests(1);

    /// <summary>Increments the series of a number. Creates it if it is new.</summary>
    public void Count(long number) => _family.With($"tenant-{number:d8}", "GET", "2xx").Increment();

    /// <summary>Runs a scrape by the metrics endpoint, which renders on another thread, and waits for it.</summary>
    public void Scrape()
    {
        var context = new DefaultHttpContext();
        _scrape(context).GetAwaiter().GetResult();
        ScrapedBytes = context.Response.ContentLength ?? 0;
    }

    private static RequestDelegate ScrapeOf(Registry registry)
    {
        var app = new Routes(new ServiceCollection().BuildServiceProvider());
        app.MapInstrumentator(options: new ScrapeOptions { Registry = registry });
        return app.DataSources.Single().Endpoints.Single().RequestDelegate!;
    }

    private sealed record Routes(IServiceProvider ServiceProvider) : IEndpointRouteBuilder
    {
        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(ServiceProvider);
    }
}
