using Instrumentator.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Instrumentator.EndToEnd;

/// <summary>The worker service of docs/metrics.md.</summary>
public sealed class WorkerTests
{
    [Fact]
    public async Task A_worker_shows_its_metrics()
    {
        await using var app = await LocalServer.StartAsync(Build);
        using var client = new HttpClient { BaseAddress = app.Address() };

        var jobs = await Poll.UntilAsync(
            async () => (await ScrapeText.GetAsync(client))["worker_jobs_total"],
            jobs => jobs > 0,
            TimeSpan.FromSeconds(20));

        Assert.InRange(jobs, 1, double.MaxValue);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static WebApplication Build(string[] args)
    {
        // snippet:worker
        var builder = WebApplication.CreateBuilder(args);    // in place of Host.CreateApplicationBuilder(args)
        builder.Services.AddHostedService<Worker>();

        var app = builder.Build();
        app.MapInstrumentator();    // GET /metrics
        // endsnippet
        return app;
    }

    private sealed class Worker : BackgroundService
    {
        private static readonly Counter _jobs = Registry.Default.Counter("worker_jobs_total", "Jobs done.");

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                _jobs.Increment();
                await Task.Delay(100, stoppingToken);
            }
        }
    }
}
