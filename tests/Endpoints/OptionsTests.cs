using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Options;

namespace Instrumentator.Tests;

/// <summary>Options that change while the app runs.</summary>
public sealed class OptionsTests
{
    public sealed class RuleOptions
    {
        public string[] Excluded { get; set; } = [];

        public bool Group { get; set; } = true;

        public BodySizes Sizes { get; set; }
    }

    [Fact]
    public async Task New_options_apply_to_the_next_request_and_lose_no_count()
    {
        var options = new ChangingOptions<RuleOptions>(new());
        await using var app = await StartAsync(options);

        await app.SendAsync("GET", "/items/5");
        options.Change(new() { Group = false });
        await app.SendAsync("GET", "/items/5");
        await app.SendAsync("GET", "/items/6");
        options.Change(new() { Excluded = ["items"] });
        await app.SendAsync("GET", "/items/5");
        options.Change(new());
        await app.SendAsync("GET", "/items/5");

        Assert.Equal(["GET /items/{id} 2xx 2", "GET /items/{id} 200 2"], app.Requests());
        Assert.Equal(3, app.Log.Of("Instrumentator Information 7").Length);
    }

    [Fact]
    public async Task A_running_request_keeps_its_options_and_its_gauge()
    {
        var options = new ChangingOptions<RuleOptions>(new());
        var (begun, release) = (new SemaphoreSlim(0), new TaskCompletionSource());
        await using var app = await StartAsync(options, async () =>
        {
            begun.Release();
            await release.Task;
        });

        var running = app.SendAsync("GET", "/held");
        Assert.True(await begun.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        options.Change(new() { Group = false });
        await app.SendAsync("GET", "/items/5");
        Assert.Equal(["1"], app.Series("http_requests_inprogress", _ => "").Select(line => line.Trim()));
        release.SetResult();
        await running;

        Assert.Equal(["GET /items/{id} 200 1", "GET /held 2xx 1"], app.Requests());
        Assert.Equal(["0"], app.Series("http_requests_inprogress", _ => "").Select(line => line.Trim()));
    }

    [Fact]
    public async Task Options_that_cannot_be_used_are_refused_with_all_errors_and_the_old_rules_stay()
    {
        var options = new ChangingOptions<RuleOptions>(new() { Excluded = ["held"] });
        await using var app = await StartAsync(options);

        options.Change(new() { Excluded = ["(", "["], Group = false });
        await app.SendAsync("GET", "/items/5");
        await app.SendAsync("GET", "/held");

        Assert.Equal(["GET /items/{id} 2xx 1"], app.Requests());
        Assert.Single(app.Log.Of("Instrumentator Error 8"));
    }

    [Fact]
    public async Task Options_that_change_the_registry_are_rejected()
    {
        var options = new ChangingOptions<RuleOptions>(new());
        await using var app = await StartAsync(options, registry: it => it.Group ? null : new Registry());

        options.Change(new() { Group = false });
        await app.SendAsync("GET", "/items/5");

        Assert.Equal(["GET /items/{id} 2xx 1"], app.Requests());
        Assert.Single(app.Log.Of("Instrumentator Error 8"));
    }

    [Fact]
    public async Task The_source_of_body_sizes_can_change_and_the_families_stay()
    {
        var options = new ChangingOptions<RuleOptions>(new());
        await using var app = await StartAsync(options);

        await app.SendAsync("GET", "/items/5");
        options.Change(new() { Sizes = BodySizes.Actual });
        await app.SendAsync("GET", "/items/5");

        Assert.Empty(app.Log.Of("Instrumentator Error 8"));
        Assert.Equal(["{handler=\"/items/{id}\"} 1"], app.Series("http_response_size_bytes"));
    }

    [Fact]
    public async Task Requests_and_changes_that_race_lose_nothing()
    {
        var options = new ChangingOptions<RuleOptions>(new());
        await using var app = await StartAsync(options);
        const int Count = 2_000;

        var changes = Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
                options.Change(new() { Group = i % 2 == 0 });
        }, TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => app.SendAsync("GET", "/items/5")));
        await changes;

        Assert.Equal(
            Count,
            app.Series("http_requests_total")
                .Sum(line => int.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(["0"], app.Series("http_requests_inprogress", _ => "").Select(line => line.Trim()));
    }

    [Fact]
    public async Task Changes_of_options_with_another_name_are_ignored()
    {
        var options = new ChangingOptions<RuleOptions>(new());
        await using var app = await StartAsync(options);

        options.Notify(new() { Excluded = ["items"] }, "other");
        await app.SendAsync("GET", "/items/5");

        Assert.Equal(["GET /items/{id} 2xx 1"], app.Requests());
    }

    [Fact]
    public async Task A_change_before_startup_is_applied()
    {
        var options = new ChangingOptions<RuleOptions>(new());
        await using var app = await StartAsync(options, early: new() { Group = false });

        await app.SendAsync("GET", "/items/5");

        Assert.Equal(["GET /items/{id} 200 1"], app.Requests());
    }

    [Fact]
    public async Task Invalid_options_fail_at_startup()
    {
        var options = new ChangingOptions<RuleOptions>(new() { Excluded = ["("] });

        await Assert.ThrowsAsync<InvalidConfigException>(() => StartAsync(options));
    }

    [Fact]
    public async Task Changes_of_a_configuration_section_are_applied()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        // snippet:options
        builder.Services.Configure<ShopSettings>(builder.Configuration.GetSection("Shop"));
        builder.Services.AddInstrumentator<ShopSettings>((instrumentation, settings) =>
            instrumentation.With(config => config with { ExcludedHandlers = [.. settings.Unmeasured] }));
        // endsnippet
        await using var app = builder.Build();
        app.UseInstrumentator();
        app.MapInstrumentator();
        app.MapGet("/followed/{id}", (string id) => id);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = app.GetTestClient();

        await client.GetStringAsync(new Uri("/followed/1", UriKind.Relative), TestContext.Current.CancellationToken);
        app.Configuration["Shop:Unmeasured:0"] = "^/followed/";
        ((IConfigurationRoot)app.Configuration).Reload();
        await client.GetStringAsync(new Uri("/followed/2", UriKind.Relative), TestContext.Current.CancellationToken);

        var scrape = await client.GetStringAsync(
            new Uri("/metrics", UriKind.Relative),
            TestContext.Current.CancellationToken);
        Assert.Contains(
            "http_requests_total{handler=\"/followed/{id}\",method=\"GET\",status=\"2xx\"} 1",
            scrape,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rules_of_the_documentation_apply()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        // snippet:config
        builder.Services.AddInstrumentator(Instrumentation.Default
            .With(config => config with
            {
                ExcludedHandlers = ["^/health$"],           // regular expressions, searched in the route template
                GroupStatusCodes = false,                   // status="404", not "4xx"
                InProgress = new() { Labels = true },       // a gauge of requests in progress by handler and method
            })
            .AndAlso(Metrics.CombinedSize()));
        // endsnippet
        await using var app = builder.Build();
        app.UseInstrumentator();
        app.MapInstrumentator();
        app.MapGet("/health", () => "healthy");
        app.MapGet("/documented/{id}", (string id) => id);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = app.GetTestClient();

        foreach (var path in new[] { "/health", "/documented/1" })
            await client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        const string Labels = "handler=\"/documented/{id}\",method=\"GET\"";
        var scrape = await client.GetStringAsync(
            new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("health", scrape, StringComparison.Ordinal);
        Assert.Contains($"http_requests_total{{{Labels},status=\"200\"}} 1", scrape, StringComparison.Ordinal);
        Assert.Contains(
            $"http_combined_size_bytes_count{{{Labels},status=\"200\"}} 1",
            scrape,
            StringComparison.Ordinal);
        Assert.Contains($"http_requests_inprogress{{{Labels}}} 0", scrape, StringComparison.Ordinal);
    }

    private static Task<TestApp> StartAsync(
        ChangingOptions<RuleOptions> options,
        Func<Task>? held = null,
        Func<RuleOptions, Registry?>? registry = null,
        RuleOptions? early = null)
    {
        Instrumentation? fixedPart = null;
        return TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                options.Change(early ?? options.CurrentValue);
                app.MapGet("/items/{id}", (string id) => id);
                app.MapGet("/held", held ?? (() => Task.CompletedTask));
            },
            it => fixedPart = it.With(config => config with { InProgress = new() }),
            builder =>
            {
                builder.Services.AddSingleton<IOptionsMonitor<RuleOptions>>(options);
                builder.Services.AddInstrumentator<RuleOptions>(
                    (_, rules) =>
                        fixedPart!
                            .WithRegistry(registry?.Invoke(rules) ?? fixedPart.Registry)
                            .With(config =>
                                config with
                                {
                                    ExcludedHandlers = [.. rules.Excluded],
                                    GroupStatusCodes = rules.Group,
                                    BodySizes = rules.Sizes,
                                }));
            });
    }

    // snippet:settings
    public sealed class ShopSettings
    {
        public IList<string> Unmeasured { get; } = [];    // "Shop": { "Unmeasured": ["^/health$"] }
    }
    // endsnippet
}

/// <summary>Options that a test changes.</summary>
internal sealed class ChangingOptions<TOptions>(TOptions first) : IOptionsMonitor<TOptions>
{
    private Action<TOptions, string?> _listeners = (_, _) => { };

    public TOptions CurrentValue { get; private set; } = first;

    /// <summary>The number of listeners that are not disposed.</summary>
    public int Listeners => _listeners.GetInvocationList().Length - 1;

    public void Change(TOptions options) => Notify(CurrentValue = options, "");

    public void Notify(TOptions options, string name) => _listeners(options, name);

    public TOptions Get(string? name) => CurrentValue;

    public IDisposable? OnChange(Action<TOptions, string?> listener)
    {
        _listeners += listener;
        return new Subscription(() => _listeners = (Action<TOptions, string?>)Delegate.Remove(_listeners, listener)!);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
