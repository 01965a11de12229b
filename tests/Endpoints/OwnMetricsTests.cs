using System.Buffers;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.TestHost;

namespace Instrumentator.Tests;

/// <summary>Metrics of the app itself, as docs/own-metrics.md shows them.</summary>
public class OwnMetricsTests
{
    private readonly Registry _registry = new();

    [Fact]
    public async Task Labels_have_values_by_position_or_by_name()
    {
        // snippet:own-labels
        var orders = _registry.Counter("shop_orders_total", "Orders taken.", "country", "plan");
        orders.With("DE", "pro").Increment();
        orders.WithLabels(("plan", "pro"), ("country", "DE")).Increment(); // the same series
        // endsnippet
        await AssertLineAsync("shop_orders_total{country=\"DE\",plan=\"pro\"} 2");
    }

    [Fact]
    public async Task A_callback_returns_the_value_of_a_scrape()
    {
        var queue = Channel.CreateUnbounded<int>();
        queue.Writer.TryWrite(1);

        // snippet:own-callback
        IDisposable registration = _registry.Gauge(
            "shop_queue_length", "Jobs that wait.", () => queue.Reader.Count, ("queue", "emails"));
        // endsnippet
        await AssertLineAsync("shop_queue_length{queue=\"emails\"} 1");
        registration.Dispose();
        Assert.Empty((await _registry.ScrapeAsync(TestContext.Current.CancellationToken)).Families);
    }

    [Fact]
    public async Task A_hook_sets_several_gauges_before_a_scrape()
    {
        // snippet:own-hook
        var idle = _registry.Gauge("pool_idle", "Connections that are free.");
        var busy = _registry.Gauge("pool_busy", "Connections in use.");
        _registry.BeforeScrape("pool", async stop =>
        {
            var (idleNow, busyNow) = await ReadPoolAsync(stop);
            idle.Set(idleNow);
            busy.Set(busyNow);
        });
        // endsnippet
        await AssertLineAsync("pool_idle 3");
        await AssertLineAsync("pool_busy 4");

        static Task<(int, int)> ReadPoolAsync(CancellationToken cancellationToken) =>
            Task.FromResult(cancellationToken.IsCancellationRequested ? (0, 0) : (3, 4));
    }

    [Fact]
    public async Task Code_is_measured()
    {
        Action run = () => { };
        Func<Task<int>> fetchAsync = () => Task.FromResult(1);

        // snippet:own-measuring
        var buckets = Buckets.Exponential(0.01, factor: 2, count: 10);
        var seconds = _registry.Histogram("job_seconds", "Time a job took.", buckets);
        var running = _registry.Gauge("jobs_running", "Jobs that run now.");
        var failed = _registry.Counter("jobs_failed_total", "Jobs that failed.");

        using (running.TrackInProgress())
        using (seconds.Time())
            failed.CountExceptions(run);

        var page = await seconds.TimeAsync(fetchAsync);
        // endsnippet
        Assert.Equal(1, page);
        await AssertLineAsync("job_seconds_count 2");
        await AssertLineAsync("jobs_running 0");
        await AssertLineAsync("jobs_failed_total 0");
    }

    [Fact]
    public async Task Series_are_removed()
    {
        var tenant = "acme";

        // snippet:own-removal
        var jobs = _registry.Counter("tenant_jobs_total", "Jobs by tenant.", "tenant");
        jobs.With(tenant).Increment();
        jobs.Remove(tenant); // the tenant has left
        // endsnippet
        jobs.With("globex").Increment();
        var scrape = await _registry.ScrapeAsync(TestContext.Current.CancellationToken);
        Assert.Null(scrape.Find("tenant_jobs_total", tenant));
        await AssertLineAsync("tenant_jobs_total{tenant=\"globex\"} 1");
    }

    [Fact]
    public async Task A_registry_has_a_namespace_and_static_labels()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();

        // snippet:own-static
        var registry = new Registry { Namespace = "shop", StaticLabels = [("service", "orders"), ("version", "1.2")] };
        builder.Services.AddInstrumentator(it => it.WithRegistry(registry));
        registry.Counter("jobs_total", "Jobs done.").Increment(); // shop_jobs_total{service="orders",version="1.2"}
        // endsnippet
        await using var app = builder.Build();
        app.UseInstrumentator();
        app.MapInstrumentator();
        await app.StartAsync(TestContext.Current.CancellationToken);
        Assert.Contains(
            "\nshop_jobs_total{service=\"orders\",version=\"1.2\"} 1\n",
            await app.GetTestClient().GetStringAsync("/metrics", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_callback_that_fails_is_logged_with_its_name_also_in_a_worker(bool measuresRequests)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                if (measuresRequests)
                    app.UseInstrumentator();
                app.MapInstrumentator();
            },
            it => it.WithRegistry(_registry));
        _registry.Gauge("queue_length", "Jobs that wait.", () => throw new InvalidOperationException());

        var text = await app.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        await app.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Contains("instrumentator_callback_errors_total{callback=\"queue_length\"} 1\n", text);
        var line = Assert.Single(app.Log.Of("Instrumentator"));
        Assert.StartsWith(
            "Instrumentator Error 25 The callback queue_length threw an exception. The scrape goes on without it; "
            + "instrumentator_callback_errors_total counts all errors.",
            line,
            StringComparison.Ordinal);
    }

    private async Task AssertLineAsync(string line)
    {
        var output = new ArrayBufferWriter<byte>();
        await ExpositionFormat.Prometheus.WriteAsync(_registry, output, TestContext.Current.CancellationToken);
        Assert.Contains(line, Encoding.UTF8.GetString(output.WrittenSpan).Split('\n'));
    }
}
