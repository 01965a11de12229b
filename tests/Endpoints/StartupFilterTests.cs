using Microsoft.AspNetCore.TestHost;

namespace Instrumentator.Tests;

/// <summary><c>AddInstrumentatorStartupFilter</c> measures all requests, whatever the order of the calls.</summary>
public sealed class StartupFilterTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Automatic_authentication_and_earlier_middleware_are_measured(bool isCalled)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseWelcomePage("/welcome");
                if (isCalled)
                    app.UseInstrumentator();
                app.MapInstrumentator();
                app.MapGet("/secret/{id}", () => "x").RequireAuthorization();
                app.MapGet("/open", () => "x");
                app.MapGet("/short", () => "x").ShortCircuit();
                app.MapGet("/hidden", () => "x").DisableInstrumentation();
            },
            services: builder =>
            {
                builder.Services.AddAuthorization().AddAuthentication().AddBearerToken();
                builder.Services.AddInstrumentatorStartupFilter().AddInstrumentatorStartupFilter();
            });

        foreach (var path in new[] { "/welcome", "/secret/5", "/open", "/short", "/hidden", "/nowhere" })
            await app.SendAsync("GET", path);

        Assert.Equal(
            ["GET none 2xx 1", "GET /secret/{id} 4xx 1", "GET /open 2xx 1", "GET /short 2xx 1", "GET none 4xx 1"],
            app.Requests());
        Assert.Contains(
            "handler=\"/open\"",
            await app.Client.GetStringAsync(
                new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Empty(app.Log.Of("Instrumentator"));
        Assert.Empty(app.Log.Of(LogLines.RoutingBefore));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_host_rejects_before_the_app_is_measured(bool isFiltered)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapGet("/x", () => "x");
            },
            services: builder =>
            {
                builder.Services.AddHostFiltering(options => options.AllowedHosts = ["example.com"]);
                builder.Services.AddSingleton<IStartupFilter>(new HostFilter());
                if (isFiltered)
                    builder.Services.AddInstrumentatorStartupFilter();
            });

        Assert.Equal(StatusCodes.Status400BadRequest, (int)(await app.SendAsync("GET", "/x")).StatusCode);

        Assert.Equal(isFiltered ? ["GET none 4xx 1"] : [], app.Requests());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_AddInstrumentator_it_has_the_instrumentation_of_UseInstrumentator(bool isCalled)
    {
        var registry = new Registry();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                if (isCalled)
                    app.UseInstrumentator(Instrumentation.Default.WithRegistry(registry));
                app.MapGet("/filter-alone", () => "x");
            },
            services: builder =>
            {
                foreach (var one in builder.Services.Where(one => one.ServiceType == typeof(Instrumentation)).ToArray())
                    builder.Services.Remove(one);
                builder.Services.AddInstrumentatorStartupFilter();
            });

        await app.SendAsync("GET", "/filter-alone");

        var used = isCalled ? registry : Registry.Default;
        Assert.Contains(
            "http_requests_total{handler=\"/filter-alone\",method=\"GET\",status=\"2xx\"} 1\n",
            used.ToText(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_instrumentation_in_the_app_records_as_well()
    {
        var registry = new Registry();
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator(Instrumentation.Default.WithRegistry(registry));
                app.MapGet("/x", () => "x");
            },
            services: builder => builder.Services.AddInstrumentatorStartupFilter());

        await app.SendAsync("GET", "/x");

        Assert.Equal(["GET /x 2xx 1"], app.Requests());
        Assert.Contains(
            "http_requests_total{handler=\"/x\",method=\"GET\",status=\"2xx\"} 1\n",
            registry.ToText(),
            StringComparison.Ordinal);
    }

    /// <summary>Saturn runs the functions of <c>app_config</c> from the last to the first.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_a_generic_host_that_configures_from_the_last_to_the_first_nothing_is_lost(bool isFiltered)
    {
        var registry = new Registry();
        var log = new LogLines();
        Action<IApplicationBuilder>[] configurations =
        [
            app => app.UseInstrumentator(),
            app => app.Use((context, next) => context.Request.Path == "/denied" ? Deny(context) : next(context)),
            app => app.UseWelcomePage("/welcome"),
        ];
        using var host = await new HostBuilder()
            .ConfigureLogging(logging => logging.AddProvider(log))
            .ConfigureServices(services =>
            {
                services.AddRouting().AddInstrumentator(Instrumentation.Default.WithRegistry(registry));
                if (isFiltered)
                    services.AddInstrumentatorStartupFilter();
            })
            .ConfigureWebHost(web => web.UseTestServer().Configure(app =>
            {
                foreach (var configure in configurations.Reverse())
                    configure(app);
                app.UseRouting().UseEndpoints(endpoints => endpoints.MapGet("/x", () => "x"));
            }))
            .StartAsync(TestContext.Current.CancellationToken);

        using var client = host.GetTestClient();
        foreach (var path in new[] { "/denied", "/welcome", "/x" })
            await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        string[] requests = [.. registry.ToText().Split('\n').Where(line =>
            line.StartsWith("http_requests_total", StringComparison.Ordinal))];
        const string Route = "http_requests_total{handler=\"/x\",method=\"GET\",status=\"2xx\"} 1";
        Assert.Equal(
            isFiltered
                ?
                [
                    "http_requests_total{handler=\"none\",method=\"GET\",status=\"4xx\"} 1",
                    "http_requests_total{handler=\"none\",method=\"GET\",status=\"2xx\"} 1",
                    Route,
                ]
                : [Route],
            requests);
        Assert.Equal(
            isFiltered ? [] : ["Instrumentator Warning 6 UseInstrumentator comes after WelcomePageMiddleware"],
            log.Of("Instrumentator").Select(line => line.Split(':')[0]));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("UseRouting behind")]
    [InlineData("UseRouting before")]
    [InlineData("a startup filter")]
    public async Task Failures_in_routing_are_recorded_where_routing_is_inside_and_else_logged_at_the_start(string how)
    {
        await using var app = await TestApp.StartAsync(
            app =>
            {
                if (how == "UseRouting before")
                    app.UseRouting();
                app.UseInstrumentator();
                if (how == "UseRouting behind")
                    app.UseRouting();
                foreach (var text in new[] { "1", "2" })
                    app.MapGet("/twice", () => text);
                app.MapGet("/constrained/{x:throwing}", () => "x");
            },
            it => it.With(config => config with { InProgress = new() { Labels = true } }),
            builder =>
            {
                builder.Services.Configure<RouteOptions>(
                    options => options.SetParameterPolicy<ThrowingConstraint>("throwing"));
                if (how == "a startup filter")
                    builder.Services.AddInstrumentatorStartupFilter();
            });

        await app.TrySendAsync("GET", "/twice");
        await app.TrySendAsync("GET", "/constrained/5");

        var isInside = how is "UseRouting behind" or "a startup filter";
        Assert.Equal(isInside ? ["GET none 5xx 2"] : [], app.Requests());
        Assert.All(app.Series("http_requests_inprogress", _ => ""), line => Assert.Equal(" 0", line));
        Assert.Equal(
            isInside
                ? []
                :
                [
                    "Instrumentator Information 15 Routing runs before UseInstrumentator: a request whose routing fails, "
                        + "because two endpoints match or a constraint throws an exception, is not measured. "
                        + "To measure it, call app.UseRouting() after app.UseInstrumentator().",
                ],
            app.Log.Of(LogLines.RoutingBefore));
    }

    [Fact]
    public async Task An_app_without_endpoints_has_no_routing_to_log()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator();
            app.Run(context => context.Response.WriteAsync("x"));
        });

        Assert.Empty(app.Log.Of(LogLines.RoutingBefore));
    }

    private static Task Deny(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private sealed class ThrowingConstraint : IRouteConstraint
    {
        public bool Match(
            HttpContext? httpContext,
            IRouter? route,
            string routeKey,
            RouteValueDictionary values,
            RouteDirection routeDirection) => throw new InvalidOperationException("constraint");
    }

    private sealed class HostFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseHostFiltering();
            next(app);
        };
    }
}
