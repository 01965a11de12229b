using System.Runtime.CompilerServices;
using Instrumentator.EndToEnd;
using Instrumentator.Shared;
using Instrumentator.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;

namespace Instrumentator.Attack;

/// <summary>Hosts that come and go, several in one process, with registries of their own or one for all.</summary>
public sealed class LifetimeTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Hosts_with_registries_of_their_own_count_for_themselves()
    {
        Registry[] registries = [.. Enumerable.Range(0, 8).Select(_ => new Registry())];

        await Task.WhenAll(registries.Select((registry, i) => SendAsync(registry, count: i + 1)));

        Assert.Equal(
            Enumerable.Range(1, 8).Select(i => (double)i),
            registries.Select(registry => registry.Value("hosts_http_requests_total", ("handler", "/ping"))));
    }

    [Fact]
    public async Task Hosts_that_share_the_default_registry_add_up_and_so_does_one_that_starts_again()
    {
        var change = await Registry.Default.ChangeAsync(
            async () =>
            {
                await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(Registry.Default, count: 5)));
                await SendAsync(Registry.Default, count: 5);
            },
            "hosts_http_requests_total",
            ("handler", "/ping"));

        Assert.Equal(45, change);
    }

    [Fact]
    public async Task Factories_of_one_app_run_side_by_side()
    {
        var change = await Registry.Default.ChangeAsync(
            () => Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            {
                await using var factory = new WebApplicationFactory<Program>();
                using var client = factory.CreateClient();
                for (var i = 0; i < 10; i++)
                    await client.GetStringAsync("/products");
                ParsedScrape.Prometheus(await client.GetStringAsync("/metrics"));
            })),
            "http_requests_total",
            ("handler", "/products"));

        Assert.Equal(40, change);
    }

    [Fact]
    public async Task A_host_that_stops_while_requests_and_a_scrape_run_leaves_nothing_in_progress()
    {
        var (registry, log, source) = (new Registry(), new AppLog(), new Hanging());
        var app = await LocalServer.StartAsync(args =>
            Build(args, registry, log, scraped: new Registry().Include(source)));
        using var client = new HttpClient { BaseAddress = app.Address() };
        Task[] running = [.. Enumerable.Range(0, 10).Select(i => client.GetAsync(i < 5 ? "/forever" : "/metrics"))];
        await Poll.UntilAsync(() => Task.FromResult(InProgress()), count => count == 5, _patience);
        await Poll.UntilAsync(() => Task.FromResult(source.Looks), looks => looks > 0, _patience);

        using (var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100)))
            await Record.ExceptionAsync(() => app.StopAsync(now.Token));
        await app.DisposeAsync();

        await Task.WhenAll(running)
            .ContinueWith(
                _ => { },
                TestContext.Current.CancellationToken,
                TaskContinuationOptions.None,
                TaskScheduler.Default)
            .WaitAsync(_patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, await Poll.UntilAsync(() => Task.FromResult(InProgress()), count => count == 0, _patience));
        Assert.True(
            await Poll.UntilAsync(() => Task.FromResult(source.IsGivenUp), isGivenUp => isGivenUp, _patience),
            "The scrape goes on.");
        Assert.Empty(log.Errors);

        double InProgress() => registry.Value("running");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_that_is_disposed_is_not_kept_alive_by_the_default_registry(bool kestrel)
    {
        var host = await RunAsync(kestrel);

        var isAlive = await Poll.UntilAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return Task.FromResult(host.IsAlive);
            },
            isAlive => !isAlive,
            _patience);
        Assert.False(isAlive, "Something still holds the services of the host.");
    }

    // What a metric function throws is told to the host's log: that, too, must not hold it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> RunAsync(bool kestrel)
    {
        var app = await LocalServer.StartAsync(args =>
        {
            var builder = WebApplication.CreateSlimBuilder(args);
            builder.Logging.ClearProviders();
            if (!kestrel)
                builder.WebHost.UseTestServer();
            var app = builder.Build();
            app.UseInstrumentator(
                Instrumentation
                    .Default.With(config =>
                        config with
                        {
                            InProgress = new() { Name = "held" },
                            BodyHandlers = [""],
                            Exemplars = new() { Interval = TimeSpan.Zero },
                        })
                    .Add(Metrics.Requests())
                    .Add(Metrics.Latency(new() { Name = "held_seconds" }))
                    .Add(_failing)
                    .AddAsync(_ => throw new DeliberateException()));
            app.MapInstrumentator(options: new() { SelfMetrics = true, Gzip = true });
            app.MapGet("/ping", () => "pong");
            return app;
        });
        using (var client = kestrel ? new HttpClient { BaseAddress = app.Address() } : app.GetTestClient())
        {
            for (var i = 0; i < 300; i++)
                await client.GetStringAsync("/ping");
            await client.GetStringAsync("/metrics");
            await client.GetStringAsync("/metrics?name[]=held");
        }
        await app.StopAsync();
        await app.DisposeAsync();
        return new WeakReference(app.Services);
    }

    // Outlives every host, as one in a static field of an app would.
    private static readonly Func<Info, Unit> _failing = Metrics.From(_ => throw new DeliberateException());

    private static async Task SendAsync(Registry registry, int count)
    {
        await using var app = await LocalServer.StartAsync(args => Build(args, registry, new AppLog()));
        using var client = new HttpClient { BaseAddress = app.Address() };
        for (var i = 0; i < count; i++)
            await client.GetStringAsync("/ping");
        ParsedScrape.Prometheus(await client.GetStringAsync("/metrics"));
        await app.StopAsync();
    }

    private static WebApplication Build(string[] args, Registry registry, AppLog log, Registry? scraped = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders().AddProvider(log);
        var app = builder.Build();
        app.UseInstrumentator(
            Instrumentation
                .Default.WithRegistry(registry)
                .WithDefaultMetrics(new() { Namespace = "hosts" }) // the sample has others in the default registry
                .With(config => config with { InProgress = new() { Name = "running" } }));
        app.MapInstrumentator(options: new() { SelfMetrics = true, Registry = scraped });
        app.MapGet("/ping", () => "pong");
        app.MapGet("/forever", (HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        return app;
    }

    /// <summary>Something in a registry that never answers.</summary>
    private sealed class Hanging : IMetricCollector
    {
        private volatile bool _isGivenUp;
        private int _looks;

        public bool IsGivenUp => _isGivenUp;

        public int Looks => Volatile.Read(ref _looks);

        public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _looks);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                _isGivenUp = true;
            }
            return [];
        }
    }
}
