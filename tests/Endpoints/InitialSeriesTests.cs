using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Primitives;

namespace Instrumentator.Tests;

/// <summary>Counters of requests have a series at 0 for each known route, so that the first error is visible.</summary>
public sealed class InitialSeriesTests
{
    private const string Omitted = "Instrumentator Warning 17";
    private const string NotInitialized = "Instrumentator Warning 23";

    [Fact]
    public async Task Each_declared_method_of_each_route_has_a_success_and_an_error_at_0()
    {
        await using var app = await StartAsync(app =>
        {
            app.MapGet("/items/{id:int}", (int id) => id);
            app.MapPost("/items", () => "made");
            app.MapMethods("/both", ["PUT", "DELETE", "PURGE"], () => "done");
            app.Map("/any", () => "any");
            app.MapGet("/fails", () => Results.StatusCode(500));
        });

        Assert.Equal(
            [
                "DELETE /both 2xx 0", "DELETE /both 5xx 0",
                "GET /any 2xx 0", "GET /any 5xx 0",
                "GET /fails 2xx 0", "GET /fails 5xx 0",
                "GET /items/{id} 2xx 0", "GET /items/{id} 5xx 0",
                "POST /items 2xx 0", "POST /items 5xx 0",
                "PUT /both 2xx 0", "PUT /both 5xx 0",
                "_OTHER /both 2xx 0", "_OTHER /both 5xx 0",
            ],
            Sorted(app));

        await app.SendAsync("GET", "/fails");
        await app.SendAsync("GET", "/missing");
        Assert.Equal(
            ["GET /fails 5xx 1", "GET none 4xx 1"],
            Sorted(app).Where(line => !line.EndsWith(" 0", StringComparison.Ordinal)));
        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    [Fact]
    public async Task Without_the_option_a_series_begins_with_its_first_request()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator();
            app.MapGet("/fails", () => Results.StatusCode(500));
        });
        Assert.Empty(app.Requests());
    }

    [Fact]
    public async Task Routes_that_are_not_measured_have_none_and_labels_are_those_of_requests()
    {
        using var assets = new PublishedAssets("js/app.77e0b1.js", "css/site.3f2a9c.css");
        await using var app = await StartAsync(
            app =>
            {
                app.MapInstrumentator();
                app.MapGet("/health", () => "healthy");
                app.MapGet("/ready", () => "ready").DisableInstrumentation();
                app.MapGet("/p/{slug}", (string slug) => slug).WithHandlerLabel("short link");
                app.MapGet("/q/{slug}", (string slug) => slug).WithHandlerLabel("short link");
                app.MapGet("/changes", () => "changes").AsLongLived();
                app.MapStaticAssets(assets.Manifest);
                app.MapGroup("/group").MapGet("", () => "group");
                app.Map("/branch", branch =>
                {
                    branch.UseRouting();
                    branch.UseEndpoints(endpoints => endpoints.MapGet("/inner", () => "inner"));
                });
            },
            config => config with { ExcludedHandlers = ["^/health$"], GroupStatusCodes = false },
            services: assets.Serve);

        Assert.Equal(
            [
                "GET /changes 200 0", "GET /changes 500 0",
                "GET /group 200 0", "GET /group 500 0",
                "GET /inner 200 0", "GET /inner 500 0",
                "GET short link 200 0", "GET short link 500 0",
                "GET static assets 200 0", "GET static assets 500 0",
                "HEAD static assets 200 0", "HEAD static assets 500 0",
            ],
            Sorted(app));
        foreach (var path in new[] { "/changes", "/group", "/branch/inner", "/p/1", "/js/app.77e0b1.js" })
            Assert.True((await app.SendAsync("GET", path)).IsSuccessStatusCode);
        Assert.Equal(12, app.Requests().Length);
        Assert.Equal(5, app.Requests().Count(line => line.EndsWith(" 200 1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Actions_of_controllers_have_the_labels_of_their_requests()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.MapControllerRoute("default", "{controller=Home}/{action=Index}/{id?}");
            },
            services: builder => builder.Services
                .AddControllers()
                .AddApplicationPart(typeof(HomeController).Assembly));

        var before = Sorted(app);
        Assert.Contains("GET /attributed/{id} 5xx 0", before);
        Assert.Contains("GET /Conventional/OnlyGet/{id} 5xx 0", before);
        Assert.Contains("GET /Home/Index/{id} 5xx 0", before);
        foreach (var path in new[] { "/attributed/1", "/conventional/onlyget", "/", "/conventional/list/2" })
            Assert.True((await app.SendAsync("GET", path)).IsSuccessStatusCode);
        Assert.Equal(before.Length, app.Requests().Length);
    }

    [Fact]
    public async Task Every_counter_of_requests_has_them_under_its_own_name_and_labels()
    {
        var other = new Registry();
        await using var app = await StartAsync(
            app =>
            {
                app.MapGet("/a", () => "a");
                app.MapGet("/b", () => "b");
            },
            change: it => it
                .AndAlso(Metrics.Requests(new()
                {
                    Namespace = "shop",
                    RequestLabels =
                    [
                        RequestLabel.Status.As("code"),
                        RequestLabel.RouteValue("controller"),
                        RequestLabel.Handler.As("endpoint"),
                    ],
                    CustomLabels = [("service", "cart")],
                }))
                .AndAlso(Metrics.Requests(new() { Name = "by_status", Handler = false, Registry = other }))
                .AndAlso(Metrics.RequestSize(new() { Name = "bytes" }))
                .AndAlso(Metrics.Latency(new() { Name = "seconds" })));

        Assert.Equal(4, app.Requests().Length);
        Assert.Equal(
            [
                "{code=\"2xx\",controller=\"\",endpoint=\"/a\",service=\"cart\"} 0",
                "{code=\"2xx\",controller=\"\",endpoint=\"/b\",service=\"cart\"} 0",
                "{code=\"5xx\",controller=\"\",endpoint=\"/a\",service=\"cart\"} 0",
                "{code=\"5xx\",controller=\"\",endpoint=\"/b\",service=\"cart\"} 0",
            ],
            app.Series("shop_http_requests_total").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["{method=\"GET\",status=\"2xx\"} 0", "{method=\"GET\",status=\"5xx\"} 0"],
            TestApp.Series(other, "by_status_total"));
        Assert.Empty(app.Series("bytes"));
        Assert.Empty(app.Series("seconds"));
    }

    [Fact]
    public async Task A_counter_with_a_label_of_the_request_or_a_condition_has_none()
    {
        await using var app = await StartAsync(
            app => app.MapGet("/a", () => "a"),
            change: it => it.WithMetrics(
                Metrics.Requests(new()
                {
                    RequestLabels = [RequestLabel.Handler, RequestLabel.Header("X-Tenant", ["acme"])],
                })
                .Then(Metrics.Requests(new() { Name = "get_requests" }).When(info => info.Method == "GET"))));

        Assert.Empty(app.Requests());
        Assert.Empty(app.Series("get_requests_total"));
        Assert.Contains(
            "because no counter of requests has only labels that are known in advance.",
            Assert.Single(app.Log.Of(NotInitialized)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_without_measured_endpoints_is_told()
    {
        await using var app = await StartAsync(app => app.MapInstrumentator());
        Assert.Contains(
            "because the app has no endpoint that is measured.",
            Assert.Single(app.Log.Of(NotInitialized)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, 20, 0)]
    [InlineData(39, 19, 1)]
    [InlineData(10, 5, 15)]
    [InlineData(1, 0, 20)]
    public async Task They_take_at_most_half_of_the_limit_and_one_line_tells_how_many_there_are_more(
        int limit, int half, int omitted)
    {
        await using var app = await StartAsync(
            app =>
            {
                for (var i = 0; i < 10; i++)
                    app.MapGet($"/{i}", () => "x");

                // The same labels again are the same series.
                app.MapGet("/other", () => "x").WithHandlerLabel("/9");
            },
            change: it =>
            {
                it.Registry.LimitSeries("http_requests_total", limit);
                return it;
            });

        Assert.Equal(half, app.Requests().Length);
        Assert.Equal(
            omitted == 0
                ? []
                :
                [
                    $"{Omitted} Config.InitializeSeries: {omitted} of 20 series of http_requests_total do not begin "
                        + "at 0, but with their first request: together they would take more than half of its limit "
                        + $"of {limit} series. To have all of them, raise the limit with Registry.LimitSeries.",
                ],
            app.Log.Of("Instrumentator"));

        // Other requests have room.
        await app.SendAsync("GET", "/missing");
        Assert.Contains("GET none 4xx 1", app.Requests());
    }

    [Fact]
    public async Task Several_calls_and_the_startup_filter_add_each_series_once()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapGet("/a", () => "a");
            },
            change: it =>
            {
                it.Registry.LimitSeries("http_requests_total", 4);
                return it;
            },
            services: builder => builder.Services.AddInstrumentatorStartupFilter());
        await app.SendAsync("GET", "/a");

        Assert.Equal(["GET /a 2xx 1", "GET /a 5xx 0"], Sorted(app));
        Assert.Empty(app.Log.Of(Omitted));
    }

    [Fact]
    public async Task Another_instrumentation_has_its_own()
    {
        var other = new Registry();
        await using var app = await StartAsync(app =>
        {
            app.UseInstrumentator(Instrumentation.Default
                .WithRegistry(other)
                .With(config => config with { InitializeSeries = true, GroupStatusCodes = false }));
            app.MapGet("/a", () => "a");
        });
        Assert.Equal(["GET /a 2xx 0", "GET /a 5xx 0"], Sorted(app));
        Assert.Equal(2, TestApp.Series(other, "http_requests_total").Length);
    }

    [Fact]
    public async Task Rules_from_options_have_them_and_a_change_adds_none()
    {
        var registry = new Registry();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddRouting().AddInstrumentator<Rules>((it, rules) => it
            .WithRegistry(registry)
            .With(config => config with { InitializeSeries = true, GroupStatusCodes = rules.Group }));
        builder.Services.Configure<Rules>(builder.Configuration.GetSection("Rules"));
        await using var app = builder.Build();
        app.UseInstrumentator();
        app.MapGet("/a", () => "a");
        await app.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, TestApp.Series(registry, "http_requests_total").Length);

        app.Configuration["Rules:Group"] = "false";
        ((IConfigurationRoot)app.Configuration).Reload();
        Assert.Equal(2, TestApp.Series(registry, "http_requests_total").Length);
    }

    [Fact]
    public async Task An_endpoint_that_comes_later_gets_its_series_with_its_first_request()
    {
        var source = new Source([Endpoint("/early")]);
        await using var app = await StartAsync(app => ((IEndpointRouteBuilder)app).DataSources.Add(source));
        Assert.Equal(["GET /early 2xx 0", "GET /early 5xx 0"], Sorted(app));

        source.Replace([Endpoint("/early"), Endpoint("/late")]);
        Assert.Equal(2, app.Requests().Length);
        await app.SendAsync("GET", "/late");
        Assert.Equal(["GET /early 2xx 0", "GET /early 5xx 0", "GET /late 2xx 1"], Sorted(app));
    }

    [Fact]
    public async Task An_endpoint_source_that_throws_keeps_no_app_from_starting()
    {
        var source = new Source([Endpoint("/a")]) { ThrowsOnce = true };
        await using var app = await StartAsync(app =>
        {
            app.MapGet("/b", () => "b");
            ((IEndpointRouteBuilder)app).DataSources.Add(source);
        });
        Assert.Contains(
            "because an exception was thrown.",
            Assert.Single(app.Log.Of(NotInitialized)),
            StringComparison.Ordinal);
        Assert.True((await app.SendAsync("GET", "/b")).IsSuccessStatusCode);
        Assert.Contains("GET /b 2xx 1", app.Requests());
    }

    [Fact]
    public void A_pipeline_without_a_host_has_them_when_it_is_built()
    {
        var registry = new Registry();
        var services = new ServiceCollection();
        services.AddLogging().AddRouting();
        services.AddSingleton<EndpointDataSource>(new Source([Endpoint("/a")]));
        var app = new ApplicationBuilder(services.BuildServiceProvider());
        app.UseInstrumentator(Instrumentation.Default
            .WithRegistry(registry)
            .With(config => config with { InitializeSeries = true }));
        Assert.Empty(TestApp.Series(registry, "http_requests_total"));
        app.Build();
        Assert.Equal(2, TestApp.Series(registry, "http_requests_total").Length);
    }

    [Fact]
    public async Task The_documented_option_initializes()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        // snippet:initialize-series
        builder.Services.AddInstrumentator(Instrumentation.Default
            .With(config => config with { InitializeSeries = true }));
        // endsnippet
        await using var app = builder.Build();
        app.UseInstrumentator();
        app.MapGet("/initialized/{id}", (string id) => id);
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "{handler=\"/initialized/{id}\",method=\"GET\",status=\"2xx\"} 0",
                "{handler=\"/initialized/{id}\",method=\"GET\",status=\"5xx\"} 0",
            ],
            TestApp.Series(Registry.Default, "http_requests_total")
                .Where(line => line.Contains("/initialized/", StringComparison.Ordinal)));
    }

    private static Task<TestApp> StartAsync(
        Action<WebApplication> map,
        Func<Config, Config>? config = null,
        Func<Instrumentation, Instrumentation>? change = null,
        Action<WebApplicationBuilder>? services = null) =>
        TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                map(app);
            },
            it => (change ?? (same => same))(it).With(rules =>
                (config ?? (same => same))(rules) with { InitializeSeries = true }),
            services);

    private static string[] Sorted(TestApp app) => [.. app.Requests().Order(StringComparer.Ordinal)];

    private static RouteEndpoint Endpoint(string route) => new(
        context => context.Response.WriteAsync(route),
        RoutePatternFactory.Parse(route),
        order: 0,
        new EndpointMetadataCollection(new HttpMethodMetadata(["GET"])),
        route);

    private sealed class Source(IReadOnlyList<Endpoint> endpoints) : EndpointDataSource
    {
        private ConfigurationReloadToken _changed = new();
        private IReadOnlyList<Endpoint> _endpoints = endpoints;

        public bool ThrowsOnce { get; set; }

        public override IReadOnlyList<Endpoint> Endpoints
        {
            get
            {
                if (!ThrowsOnce)
                    return _endpoints;
                ThrowsOnce = false;
                throw new InvalidOperationException("Not yet.");
            }
        }

        public override IChangeToken GetChangeToken() => _changed;

        public void Replace(IReadOnlyList<Endpoint> endpoints)
        {
            _endpoints = endpoints;
            var changed = _changed;
            _changed = new();
            changed.OnReload();
        }
    }

    public sealed class Rules
    {
        public bool Group { get; set; } = true;
    }
}
