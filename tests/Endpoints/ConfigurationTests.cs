using Microsoft.AspNetCore.TestHost;

namespace Instrumentator.Tests;

/// <summary>Apps that a section of the configuration describes.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public async Task The_section_of_an_app_sets_its_rules_its_metrics_and_its_endpoint()
    {
        await using var app = await StartAsync(new()
        {
            ["GroupStatusCodes"] = "false",
            ["Untemplated:Group"] = "other",
            ["ExcludedHandlers:0"] = "^/health$",
            ["InProgress"] = "true",
            ["DefaultMetrics:Namespace"] = "shop",
            ["DefaultMetrics:CustomLabels:0:Name"] = "service",
            ["DefaultMetrics:CustomLabels:0:Value"] = "api",
            ["Scrape:SelfMetrics"] = "true",
        });

        foreach (var path in new[] { "/items/5", "/health", "/nowhere", "/metrics" })
            await app.SendAsync("GET", path);

        Assert.Equal(
            ["GET /items/{id} 200 api 1", "GET other 404 api 1"],
            app.Series("shop_http_requests_total", labels => string.Join(' ', Values(labels))));
        Assert.Single(app.Series("http_requests_inprogress"));
        Assert.Single(app.Series("instrumentator_registry_series"));
    }

    [Fact]
    public async Task Names_may_be_those_of_the_registry_of_earlier_calls()
    {
        var registry = new Registry { AllowUtf8Names = true };
        await using var app = await StartAsync(
            new()
            {
                ["DefaultMetrics:CustomLabels:0:Name"] = "größe",
                ["DefaultMetrics:CustomLabels:0:Value"] = "L",
            },
            code: it => it.WithRegistry(registry),
            isCodeFirst: true);

        Assert.Contains(
            "größe",
            (await registry.ScrapeAsync(TestContext.Current.CancellationToken)).Families[0].Definition.LabelNames);
    }

    [Fact]
    public async Task Options_of_an_endpoint_take_precedence_over_configured_ones()
    {
        await using var app = await StartAsync(
            new() { ["Scrape:SelfMetrics"] = "true" },
            configure: app => app.MapInstrumentator("/metrics", new ScrapeOptions()));

        await app.SendAsync("GET", "/metrics");

        Assert.Empty(app.Series("instrumentator_registry_series"));
    }

    [Fact]
    public async Task All_errors_are_reported_at_startup_with_the_paths_of_their_keys()
    {
        var refusal = await Assert.ThrowsAsync<InvalidConfigException>(() => StartAsync(new()
        {
            ["ExcludeHandlers:0"] = "x",
            ["GroupStatusCodes"] = "maybe",
            ["BodyLimit"] = "-1",
            ["Scrape:Timeout"] = "soon",
        }));

        Assert.Equal(
            [
                "Instrumentator:BodyLimit: BodyLimit is -1, but must be 0 or more bytes. "
                    + "To keep no body, leave BodyHandlers empty.",
                "Instrumentator:ExcludeHandlers is unknown; did you mean ExcludedHandlers?",
                "Instrumentator:GroupStatusCodes is \"maybe\", but must be true or false.",
                "Instrumentator:Scrape:Timeout is \"soon\", but must be a time as hours:minutes:seconds, "
                    + "such as \"00:00:05\" for 5 seconds.",
            ],
            refusal.Errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_a_section_an_app_has_the_defaults()
    {
        await using var app = await StartAsync([]);

        await app.SendAsync("GET", "/items/5");

        Assert.Equal(["GET /items/{id} 2xx 1"], app.Requests());
    }

    [Theory]
    [InlineData(true, "204")]
    [InlineData(false, "2xx")]
    public async Task The_last_call_of_a_section_and_a_function_counts(bool isSectionLast, string status)
    {
        await using var app = await StartAsync(
            new() { ["GroupStatusCodes"] = "false" },
            code: it => it.With(config => config with { GroupStatusCodes = true, BodyLimit = 3 }),
            isCodeFirst: isSectionLast);

        await app.SendAsync("GET", "/empty");

        Assert.Equal([$"GET /empty {status} 1"], app.Requests());
    }

    [Fact]
    public async Task Rules_follow_the_configuration_and_no_count_is_lost()
    {
        await using var app = await StartAsync(new() { ["GroupStatusCodes"] = "true" });

        await app.SendAsync("GET", "/items/5");
        app.Change(("GroupStatusCodes", "false"));
        await app.SendAsync("GET", "/items/5");
        app.Change(("ExcludedHandlers:0", "items"));
        await app.SendAsync("GET", "/items/5");
        app.Change(("ExcludedHandlers:0", null));
        await app.SendAsync("GET", "/items/5");

        Assert.Equal(["GET /items/{id} 2xx 1", "GET /items/{id} 200 2"], app.Requests());
        Assert.Equal(3, app.Log.Of("Instrumentator Information 7").Length);
    }

    [Fact]
    public async Task A_change_of_metrics_or_their_endpoint_waits_for_a_restart_and_one_line_tells()
    {
        await using var app = await StartAsync(new() { ["DefaultMetrics:LowResolutionBuckets:0"] = "1" });
        await app.SendAsync("GET", "/items/5");

        app.Change(
            ("GroupStatusCodes", "false"),
            ("DefaultMetrics:LowResolutionBuckets:0", "2"),
            ("DefaultMetrics:Namespace", "shop"),
            ("InProgress:Labels", "true"),
            ("LongLived:DurationBuckets:0", "1"),
            ("Scrape:SelfMetrics", "true"));
        await app.SendAsync("GET", "/items/5");
        await app.SendAsync("GET", "/metrics");
        app.Change();

        Assert.Equal(["GET /items/{id} 2xx 1", "GET /items/{id} 200 1"], app.Requests());
        Assert.Equal(
            5, (await app.Registry.ScrapeAsync(TestContext.Current.CancellationToken)).Families.Count);
        Assert.Equal(
            [
                "Instrumentator Warning 16 The configuration changed Instrumentator:InProgress, "
                    + "Instrumentator:LongLived:DurationBuckets, Instrumentator:DefaultMetrics:Namespace, "
                    + "Instrumentator:DefaultMetrics:LowResolutionBuckets, Instrumentator:Scrape:SelfMetrics, "
                    + "which take effect when the app restarts. Until then, their old values stay in effect.",
            ],
            app.Log.Of("Instrumentator Warning 16"));
    }

    [Fact]
    public async Task An_invalid_change_is_refused_with_all_errors_and_a_valid_one_after_it_applies()
    {
        await using var app = await StartAsync(new() { ["GroupStatusCodes"] = "true" });

        app.Change(("GroupStatusCodes", "false"), ("BodyLimit", "-1"), ("Typo", "1"));
        await app.SendAsync("GET", "/items/5");
        app.Change(("BodyLimit", "1"), ("Typo", null));
        await app.SendAsync("GET", "/items/5");

        Assert.Single(app.Log.Of("Instrumentator Error 8"));
        Assert.Equal(["GET /items/{id} 2xx 1", "GET /items/{id} 200 1"], app.Requests());
    }

    [Fact]
    public async Task A_limit_of_series_can_be_raised_while_the_app_runs()
    {
        await using var app = await StartAsync(new() { ["SeriesLimits:http_requests_total"] = "1" });
        foreach (var path in new[] { "/items/5", "/empty" })
            await app.SendAsync("GET", path);

        app.Change(("SeriesLimits:http_requests_total", "3"));
        await app.SendAsync("GET", "/nowhere");
        app.Change(("SeriesLimits:http_requests_total", null));

        Assert.Equal(
            ["GET /items/{id} 2xx 1", "_overflow _overflow _overflow 1", "GET none 4xx 1"],
            app.Requests());
        Assert.Contains(
            "SeriesLimits:http_requests_total", Assert.Single(app.Log.Of("Instrumentator Warning 16")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_has_stopped_follows_nothing()
    {
        var app = await StartAsync(new() { ["GroupStatusCodes"] = "true" });
        await app.DisposeAsync();

        app.Change(("GroupStatusCodes", "false"));

        Assert.Empty(app.Log.Of("Instrumentator Information 7"));
    }

    [Fact]
    public async Task Environment_variables_take_precedence_over_files()
    {
        const string Prefix = "CONFIGURATION_TESTS_";
        Environment.SetEnvironmentVariable(Prefix + "Instrumentator__GroupStatusCodes", "false");
        var registry = new Registry();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration
            .AddInMemoryCollection([new("Instrumentator:GroupStatusCodes", "true")])
            .AddEnvironmentVariables(Prefix);
        builder.Services.AddSingleton(registry);
        // snippet:configuration
        builder.Services.AddInstrumentator(builder.Configuration.GetSection("Instrumentator"));
        // endsnippet
        await using var app = builder.Build();
        app.UseInstrumentator();
        app.MapGet("/items/{id}", (string id) => id);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = app.GetTestClient();

        await client.GetStringAsync(new Uri("/items/1", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(
            ["/items/{id} GET 200 1"],
            TestApp.Series(registry, "http_requests_total", labels => string.Join(' ', labels.Values)));
    }

    [Fact]
    public void Null_is_refused()
    {
        var services = new ServiceCollection();
        Assert.Throws<ArgumentNullException>(() => services.AddInstrumentator((IConfigurationSection)null!));
        Assert.Throws<ArgumentNullException>(() => Instrumentation.Default.WithConfiguration(null!));
    }

    [Fact]
    public void A_section_can_be_read_once_into_a_value()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Metrics:GroupStatusCodes", "false"), new("Metrics:SeriesLimits:a_total", "5")])
            .Build();

        Assert.Equal(
            Instrumentation.Default
                .With(config => config with { GroupStatusCodes = false })
                .LimitSeries("a_total", 5),
            Instrumentation.Default.WithConfiguration(configuration.GetSection("Metrics")));
        Assert.Throws<InvalidConfigException>(
            () => Instrumentation.Default.WithConfiguration(configuration.GetSection("Metrics:SeriesLimits")));
    }

    private static IEnumerable<string> Values(LabelSet labels) =>
        new[] { "method", "handler", "status", "service" }
            .Select(name => labels.Values[labels.Names.ToList().IndexOf(name)]);

    private static async Task<ConfiguredApp> StartAsync(
        Dictionary<string, string?> keys,
        Func<Instrumentation, Instrumentation>? code = null,
        bool isCodeFirst = false,
        Action<WebApplication>? configure = null)
    {
        var source = new ChangingSource();
        source.Set(keys.Select(key => (key.Key, key.Value)));
        var configuration = new ConfigurationBuilder().Add(source).Build();
        var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                (configure ?? (it => it.MapInstrumentator()))(app);
                app.MapGet("/items/{id}", (string id) => id);
                app.MapGet("/health", () => "healthy");
                app.MapGet("/empty", () => Results.NoContent());
            },
            services: builder =>
            {
                if (isCodeFirst)
                    builder.Services.AddInstrumentator(code!);
                builder.Services.AddInstrumentator(configuration.GetSection("Instrumentator"));
                if (!isCodeFirst && code is not null)
                    builder.Services.AddInstrumentator(code);
            });
        return new ConfiguredApp(app, source);
    }

    /// <summary>An app whose configuration a test changes.</summary>
    private sealed class ConfiguredApp(TestApp app, ChangingSource source) : IAsyncDisposable
    {
        public Registry Registry => app.Registry;

        public LogLines Log => app.Log;

        public Task<HttpResponseMessage> SendAsync(string method, string path) => app.SendAsync(method, path);

        public string[] Requests() => app.Requests();

        public string[] Series(string family, Func<LabelSet, string>? describe = null) => app.Series(family, describe);

        public void Change(params (string Key, string? Value)[] keys)
        {
            source.Set(keys);
            source.Reload();
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }

    /// <summary>Keys that a test changes, or removes by null.</summary>
    private sealed class ChangingSource : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Set(IEnumerable<(string Key, string? Value)> keys)
        {
            foreach (var (key, value) in keys)
            {
                if (value is null)
                    Data.Remove($"Instrumentator:{key}");
                else
                    Data[$"Instrumentator:{key}"] = value;
            }
        }

        public void Reload() => OnReload();
    }
}
