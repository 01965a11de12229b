using Instrumentator.Testing;
using Microsoft.AspNetCore.TestHost;

namespace Instrumentator.Tests;

/// <summary>An app whose metrics are missing tells so when it starts.</summary>
public sealed class StartMessageTests
{
    private const string Switch = "INSTRUMENTATOR_TEST_SWITCH";

    private const string HowToMeasure =
        "Call app.UseInstrumentator() first of all middleware, or builder.Services.AddInstrumentatorStartupFilter(). "
        + "With Giraffe's instrument, use the same registry. If requests are not to be measured, set "
        + "ScrapeOptions.Registry.";

    private const string NotMeasured =
        "Instrumentator Warning 11 The metrics endpoint /metrics shows nothing: the app neither records requests in its "
        + "registry nor has metrics of its own there. " + HowToMeasure;

    private const string OnlyOwnMetrics =
        "Instrumentator Information 20 The metrics endpoint /metrics shows metrics of the app itself, but no requests: "
        + "the app does not record them in its registry. " + HowToMeasure;

    [Fact]
    public async Task An_endpoint_without_any_instrumentation_in_use_is_a_warning_at_the_start()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapInstrumentator();
            app.MapGet("/x", () => "x");
        });

        Assert.Equal([NotMeasured], app.Log.Of("Instrumentator"));
        await app.SendAsync("GET", "/x");
        await app.SendAsync("GET", "/metrics");
        Assert.Single(app.Log.Of("Instrumentator"));
    }

    [Fact]
    public async Task In_a_generic_host_it_is_one_as_well()
    {
        var log = new LogLines();
        using var host = await new HostBuilder()
            .ConfigureLogging(logging => logging.AddProvider(log))
            .ConfigureServices(services => services
                .AddRouting()
                .AddInstrumentator(it => it.WithRegistry(new())))
            .ConfigureWebHost(web => web.UseTestServer().Configure(app => app
                .UseRouting()
                .UseEndpoints(endpoints =>
                {
                    endpoints.MapInstrumentator();
                    endpoints.MapGet("/x", () => "x");
                })))
            .StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal([NotMeasured], log.Of("Instrumentator"));
    }

    [Fact]
    public async Task Beside_metrics_of_the_app_itself_it_is_information()
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.MapInstrumentator();
                app.MapGet("/x", () => "x");
            },
            it =>
            {
                it.Registry.Counter("jobs_total", "Jobs done.");
                return it;
            });

        Assert.Equal([OnlyOwnMetrics], app.Log.Of("Instrumentator"));
    }

    [Fact]
    public async Task An_endpoint_with_a_registry_of_its_own_shows_what_its_author_wants()
    {
        var registry = new Registry();
        await using var app = await TestApp.StartAsync(app =>
        {
            app.MapInstrumentator(options: new() { Registry = registry });
            app.MapGet("/x", () => "x");
        });

        await app.SendAsync("GET", "/metrics");

        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_worker_without_other_endpoints_is_told_at_its_first_scrape_if_there_is_nothing(bool hasMetrics)
    {
        await using var app = await TestApp.StartAsync(
            app => app.MapInstrumentator(),
            it =>
            {
                if (hasMetrics)
                    it.Registry.Counter("jobs_total", "Jobs done.");
                return it;
            });

        Assert.Empty(app.Log.Of("Instrumentator"));
        await app.SendAsync("GET", "/metrics");
        await app.SendAsync("GET", "/metrics");

        Assert.Equal(hasMetrics ? [] : [NotMeasured], app.Log.Of("Instrumentator"));
    }

    private static readonly Dictionary<string, Action<WebApplication>> _uses = new(StringComparer.Ordinal)
    {
        ["before"] = app =>
        {
            app.UseInstrumentator();
            app.MapInstrumentator();
        },
        ["after"] = app =>
        {
            app.MapInstrumentator();
            app.UseInstrumentator();
        },
        ["in a branch"] = app =>
        {
            app.MapInstrumentator();
            app.Map("/branch", branch => branch.UseInstrumentator().Run(context => context.Response.WriteAsync("x")));
        },
        ["in UseWhen"] = app =>
        {
            app.UseWhen(_ => true, branch => branch.UseInstrumentator());
            app.MapInstrumentator();
        },
        ["a startup filter"] = app => app.MapInstrumentator(),
    };

    public static TheoryData<string> Uses => [.. _uses.Keys];

    [Theory]
    [MemberData(nameof(Uses))]
    public async Task An_instrumentation_in_use_has_nothing_to_tell(string how)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                _uses[how](app);
                app.MapGet("/x", () => "x");
            },
            services: builder =>
            {
                if (how == "a startup filter")
                    builder.Services.AddInstrumentatorStartupFilter();
            });

        await app.SendAsync("GET", "/metrics");

        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData("", "is '', not true or 1")]
    [InlineData("0", "is '0', not true or 1")]
    [InlineData("False", "is 'False', not true or 1")]
    [InlineData("yes", "is 'yes', not true or 1")]
    public async Task A_switch_that_is_off_is_told_once_with_its_name_and_value(string? value, string state)
    {
        foreach (var (isUsed, isMapped) in new[] { (true, true), (true, false), (false, true) })
        {
            await using var app = await TestApp.StartAsync(
                app =>
                {
                    if (isMapped)
                        app.MapInstrumentator();
                    if (isUsed)
                        app.UseInstrumentator();
                    app.MapGet("/x", () => "x");
                },
                it => it.With(config => config with { EnabledBy = Switch }),
                builder => builder.Configuration.AddInMemoryCollection([new(Switch, value)]));
            await app.SendAsync("GET", "/metrics");

            var text = $"An instrumentation is off, since {Switch} {state}: it measures no request, and has no metrics "
                + "endpoint.";
            Assert.Equal(
                value == "yes"
                    ? [$"Instrumentator Warning 21 {text} Set the variable to true to turn it on, or to false."]
                    : [$"Instrumentator Information 13 {text}"],
                app.Log.Of("Instrumentator"));
        }
    }

    [Fact]
    public async Task A_switch_of_a_later_instrumentation_is_told_and_the_others_record()
    {
        var (first, second) = (new Registry(), new Registry());
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator(Instrumentation.Default.WithRegistry(first));
            app.UseInstrumentator(Instrumentation.Default.WithRegistry(second)
                .With(config => config with { EnabledBy = Switch }));
            app.MapInstrumentator();
            app.MapGet("/x", () => "x");
        });

        await app.SendAsync("GET", "/x");

        Assert.Single(app.Log.Of("Instrumentator Information 13"));
        Assert.Single(app.Log.Of("Instrumentator"));
        Assert.Equal(1, first.Value("http_requests_total"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task A_blank_name_of_the_switch_is_an_error_with_all_others(string name)
    {
        var error = await Assert.ThrowsAsync<InvalidConfigException>(() => TestApp.StartAsync(
            app => app.UseInstrumentator(),
            it => it.With(config => config with { EnabledBy = name, ExcludedHandlers = ["("], BodyLimit = -1 })));

        Assert.Equal(3, error.Errors.Count);
        Assert.Contains(
            "EnabledBy is blank, but names an environment variable. To have no switch, use null.",
            error.Errors);
    }

    [Fact]
    public async Task A_registry_that_no_endpoint_shows_is_information()
    {
        var registry = new Registry();
        foreach (var isShown in new[] { false, true })
        {
            await using var app = await TestApp.StartAsync(app =>
            {
                app.UseInstrumentator();
                app.Map("/branch", branch => branch
                    .UseInstrumentator(Instrumentation.Default.WithRegistry(registry))
                    .Run(context => context.Response.WriteAsync("x")));
                app.MapInstrumentator();
                if (isShown)
                    app.MapInstrumentator("/metrics/branch", new() { Registry = registry });
            });

            Assert.Equal(
                isShown
                    ? []
                    :
                    [
                        "Instrumentator Information 19 An instrumentation of this app records in a registry that none of "
                            + "its metrics endpoints shows. To show it, map another endpoint with "
                            + "ScrapeOptions.Registry, or use the same registry.",
                    ],
                app.Log.Of("Instrumentator"));
        }
    }

    /// <summary>The endpoint shows the instrumentation of the app, and not one of a branch that comes first.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_endpoint_shows_the_instrumentation_of_the_app(bool isRegistered, bool isFirstExplicit)
    {
        var (registry, first, ofBranch) = (new Registry(), new Registry(), new Registry());
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        if (isRegistered)
            builder.Services.AddInstrumentator(it => it.WithRegistry(registry));
        await using var app = builder.Build();
        app.Map("/branch", branch => branch
            .UseInstrumentator(Instrumentation.Default.WithRegistry(ofBranch))
            .Run(context => context.Response.WriteAsync("x")));
        if (isFirstExplicit)
            app.UseInstrumentator(Instrumentation.Default.WithRegistry(first));
        app.UseInstrumentator(isRegistered ? null : Instrumentation.Default.WithRegistry(registry));
        app.MapInstrumentator();
        app.MapGet("/x", () => "x");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = app.GetTestClient();

        foreach (var path in new[] { "/x", "/branch/x" })
            await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var shown = await client.GetStringAsync(
            new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(registry.ToText(), shown);
        Assert.Equal(1, registry.Value("http_requests_total", ("handler", "/x")));
        Assert.Equal(1, ofBranch.Value("http_requests_total"));
        Assert.Equal(isFirstExplicit, first.ToText().Contains("http_requests_total", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_registered_one_a_call_in_the_app_does_not_take_that_of_a_branch()
    {
        var (ofBranch, own) = (new Registry(), new Registry());
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(own);
        await using var app = builder.Build();
        app.Map("/branch", branch => branch
            .UseInstrumentator(Instrumentation.Default.WithRegistry(ofBranch))
            .Run(context => context.Response.WriteAsync("x")));
        app.UseInstrumentator();
        app.MapGet("/x", () => "x");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = app.GetTestClient();

        await client.GetAsync(new Uri("/x", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(1, own.Value("http_requests_total", ("handler", "/x")));
    }
}
