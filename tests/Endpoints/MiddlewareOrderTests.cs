using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.FileProviders;

namespace Instrumentator.Tests;

/// <summary>What stands before <c>UseInstrumentator</c> and answers by itself: it is not measured, and the app is told
/// when it starts.</summary>
public sealed class MiddlewareOrderTests
{
    private const string OrFilter =
        "Or call builder.Services.AddInstrumentatorStartupFilter(), which measures them in any order.";

    private static readonly Dictionary<string, Action<IApplicationBuilder>> _answering = new(StringComparer.Ordinal)
    {
        ["AuthenticationMiddleware"] = app => app.UseAuthentication(),
        ["AuthorizationMiddleware"] = app => app.UseAuthorization(),
        ["CorsMiddleware"] = app => app.UseCors(),
        ["DefaultFilesMiddleware"] = app =>
            app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = new NullFileProvider() }),
        ["DirectoryBrowserMiddleware"] = app =>
            app.UseDirectoryBrowser(new DirectoryBrowserOptions { FileProvider = new NullFileProvider() }),
        ["HostFilteringMiddleware"] = app => app.UseHostFiltering(),
        ["HttpsRedirectionMiddleware"] = app => app.UseHttpsRedirection(),
        ["OutputCacheMiddleware"] = app => app.UseOutputCache(),
        ["RateLimitingMiddleware"] = app => app.UseRateLimiter(),
        ["ResponseCachingMiddleware"] = app => app.UseResponseCaching(),
        ["StaticFileMiddleware"] = app =>
            app.UseStaticFiles(new StaticFileOptions { FileProvider = new NullFileProvider() }),
        ["WelcomePageMiddleware"] = app => app.UseWelcomePage("/welcome"),
    };

    public static TheoryData<string> Answering => [.. _answering.Keys];

    [Theory]
    [MemberData(nameof(Answering))]
    public async Task Middleware_that_can_respond_is_logged_if_it_comes_before(string name)
    {
        await using var app = await StartAsync(app =>
        {
            _answering[name](app);
            app.UseInstrumentator();
        });

        Assert.Equal(
            [
                $"Instrumentator Warning 6 UseInstrumentator comes after {name}: requests that this middleware handles "
                    + $"itself are not measured. Call app.UseInstrumentator() before it. {OrFilter}",
            ],
            app.Log.Of("Instrumentator"));
    }

    [Theory]
    [MemberData(nameof(Answering))]
    public async Task Middleware_that_can_respond_is_not_logged_if_it_comes_after(string name)
    {
        await using var app = await StartAsync(app =>
        {
            app.UseInstrumentator();
            _answering[name](app);
        });

        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    [Fact]
    public async Task One_log_line_names_all_middleware_that_can_respond_and_no_other()
    {
        await using var app = await StartAsync(app =>
        {
            app.UseExceptionHandler("/error");
            app.UseStatusCodePages();
            app.UseRouting();
            app.UseWebSockets();
            app.UsePathBase("/base");
            app.UseMiddleware<Own>();
            app.Use((context, next) => next(context));
            app.UseWhen(_ => true, branch => branch.UseRateLimiter());
            app.UseResponseCaching();
            app.UseCors();
            app.UseEndpoints(_ => { });
            app.UseInstrumentator();
            app.UseInstrumentator();
            app.UseRateLimiter();
        });

        Assert.Equal(
            [
                "Instrumentator Warning 6 UseInstrumentator comes after ResponseCachingMiddleware and CorsMiddleware "
                    + $"and EndpointMiddleware: requests that this middleware handles itself are not measured. Call app.UseInstrumentator() before it. {OrFilter}",
            ],
            app.Log.Of("Instrumentator"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Authentication_that_a_WebApplication_puts_first_is_named_and_calling_it_behind_measures_it(
        bool called)
    {
        await using var app = await StartAsync(
            app =>
            {
                app.UseInstrumentator();
                if (called)
                {
                    app.UseAuthentication();
                    app.UseAuthorization();
                }
                app.MapGet("/secret", () => "x").RequireAuthorization();
                app.MapGet("/open", () => "x");
            },
            builder => builder.Services.AddAuthentication().AddBearerToken());

        Assert.Equal(StatusCodes.Status401Unauthorized, (int)(await app.SendAsync("GET", "/secret")).StatusCode);
        await app.SendAsync("GET", "/open");

        Assert.Equal(called ? ["GET /secret 4xx 1", "GET /open 2xx 1"] : ["GET /open 2xx 1"], app.Requests());
        Assert.Equal(
            called
                ? []
                :
                [
                    "Instrumentator Warning 6 UseInstrumentator comes after AuthenticationMiddleware and "
                        + $"AuthorizationMiddleware: requests that this middleware handles itself are not measured. WebApplication adds authentication and authorization first if the app does not call them: call app.UseAuthentication() and app.UseAuthorization() after app.UseInstrumentator(). {OrFilter}",
                ],
            app.Log.Of("Instrumentator"));
    }

    [Fact]
    public async Task An_app_with_controllers_and_without_authentication_gets_no_warning()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapControllers();
            },
            builder => builder.Services.AddControllers());

        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Short_circuited_endpoints_are_measured_if_UseRouting_comes_after(bool routingBehind)
    {
        await using var app = await StartAsync(app =>
        {
            app.UseInstrumentator();
            if (routingBehind)
                app.UseRouting();
            app.MapGet("/short", () => "x").ShortCircuit();
            app.MapShortCircuit(404, "robots.txt");
            app.MapGet("/long", () => "x");
        });

        foreach (var path in new[] { "/short", "/robots.txt", "/long" })
            await app.SendAsync("GET", path);

        Assert.Equal(
            routingBehind
                ? ["GET /short 2xx 1", "GET /robots.txt/{**catchall} 4xx 1", "GET /long 2xx 1"]
                : ["GET /long 2xx 1"],
            app.Requests());
    }

    [Fact]
    public async Task The_documented_order_measures_everything_and_logs_nothing()
    {
        await using var app = await StartAsync(
            app =>
            {
                // snippet:order
                app.UseInstrumentator();    // first of all
                app.UseExceptionHandler("/error");
                app.UseRouting();           // otherwise endpoints with ShortCircuit are not measured
                app.UseAuthentication();    // otherwise no 401 and no 403 is measured
                app.UseAuthorization();
                // endsnippet
                app.MapGet("/secret/{id}", () => "x").RequireAuthorization();
                app.MapGet("/short", () => "x").ShortCircuit();
            },
            builder => builder.Services.AddAuthentication().AddBearerToken());

        await app.SendAsync("GET", "/secret/5");
        await app.SendAsync("GET", "/short");
        await app.SendAsync("GET", "/nowhere");

        Assert.Equal(["GET /secret/{id} 4xx 1", "GET /short 2xx 1", "GET none 4xx 1"], app.Requests());
        Assert.Empty(app.Log.Of("Instrumentator"));
    }

    [Fact]
    public void A_plain_ApplicationBuilder_gets_the_warning_too()
    {
        var log = new LogLines();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log))
            .BuildServiceProvider();
        var builder = new ApplicationBuilder(services);
        builder.UseWelcomePage("/welcome").UseInstrumentator(Instrumentation.Default.WithRegistry(new()));

        builder.Build();

        Assert.Contains(
            "comes after WelcomePageMiddleware",
            Assert.Single(log.Of("Instrumentator")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_IApplicationBuilder_works_and_gets_no_warning()
    {
        var log = new LogLines();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log))
            .BuildServiceProvider();
        var builder = new Foreign(new ApplicationBuilder(services));
        builder.UseWelcomePage("/welcome").UseInstrumentator(Instrumentation.Default.WithRegistry(new()));

        Assert.NotNull(builder.Build());
        Assert.Empty(log.Of("Instrumentator"));
    }

    private static Task<TestApp> StartAsync(
        Action<WebApplication> configure,
        Action<WebApplicationBuilder>? services = null
    ) =>
        TestApp.StartAsync(
            configure,
            services: builder =>
            {
                builder
                    .Services.AddAuthorization()
                    .AddCors(options => options.AddDefaultPolicy(_ => { }))
                    .AddDirectoryBrowser()
                    .AddOutputCache()
                    .AddRateLimiter(_ => { })
                    .AddResponseCaching();
                builder.Services.AddAuthenticationCore();
                builder.Services.AddHostFiltering(options => options.AllowedHosts = ["localhost"]);
                services?.Invoke(builder);
            });

    private sealed class Own(RequestDelegate next)
    {
        public Task InvokeAsync(HttpContext context) => next(context);
    }

    private sealed class Foreign(IApplicationBuilder inner) : IApplicationBuilder
    {
        public IServiceProvider ApplicationServices
        {
            get => inner.ApplicationServices;
            set => inner.ApplicationServices = value;
        }

        public IFeatureCollection ServerFeatures => inner.ServerFeatures;

        public IDictionary<string, object?> Properties => inner.Properties;

        public RequestDelegate Build() => inner.Build();

        public IApplicationBuilder New() => inner.New();

        public IApplicationBuilder Use(Func<RequestDelegate, RequestDelegate> middleware)
        {
            inner.Use(middleware);
            return this;
        }
    }
}
