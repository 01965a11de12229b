using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.EndToEnd.Edge;

/// <summary>The recipes of docs/recipes.md on Kestrel.</summary>
public sealed class RecipeTests
{
    [Fact]
    public async Task Health_checks_are_left_out_and_answer_on_one_port()
    {
        var (statuses, records) = await RunAsync(
            app =>
            {
                // snippet:health-checks
                app.UseInstrumentator();
                app.MapHealthChecks("/health").DisableInstrumentation();
                app.MapHealthChecks("/health/ready").RequireHost("*:9090").DisableInstrumentation();
                // endsnippet
            },
            builder => builder.Services.AddHealthChecks(),
            Get("/health"),
            Get("/health/ready", host: "10.0.0.1:9090"),
            Get("/health/ready"));

        Assert.Equal([200, 200, 404], statuses);
        Assert.Equal(["none GET 404"], records);
    }

    [Fact]
    public async Task Health_checks_by_middleware_are_left_out_if_they_come_first()
    {
        var (statuses, records) = await RunAsync(
            app =>
            {
                // snippet:health-checks-first
                app.UseHealthChecks("/health");
                app.UseInstrumentator();
                // endsnippet
            },
            builder => builder.Services.AddHealthChecks(),
            Get("/health"),
            Get("/items/5"));

        Assert.Equal([200, 200], statuses);
        Assert.Equal(["/items/{id} GET 200"], records);
    }

    [Fact]
    public async Task Paths_below_the_API_without_a_route_are_a_404_and_all_others_the_page()
    {
        var root = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "spa"));
        await File.WriteAllTextAsync(
            Path.Combine(root.FullName, "index.html"), "page", TestContext.Current.CancellationToken);
        var (statuses, records) = await RunAsync(
            app =>
            {
                app.UseInstrumentator();
                app.UseStaticFiles();
                // snippet:spa
                app.MapGet("/api/products/{id}", (int id) => id);
                app.Map("/api/{**rest}", () => Results.NotFound());
                app.MapFallbackToFile("index.html").WithHandlerLabel("spa");
                // endsnippet
            },
            builder => builder.Environment.WebRootFileProvider =
                new Microsoft.Extensions.FileProviders.PhysicalFileProvider(root.FullName),
            Get("/api/products/5"),
            Get("/api/product/5"),
            new(HttpMethod.Post, "/api/products/5"),
            Get("/products/5"),
            Get("/missing.js"),
            new(HttpMethod.Post, "/products/5"));

        Assert.Equal([200, 404, 404, 200, 404, 405], statuses);
        Assert.Equal(
            [
                "/api/products/{id} GET 200",
                "/api/{**rest} GET 404",
                "/api/{**rest} POST 404",
                "none GET 404",
                "spa GET 200",
                "spa POST 405",
            ],
            records.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Scrapes_have_a_limit_of_their_own()
    {
        var (statuses, _) = await RunAsync(
            app =>
            {
                // snippet:rate-limited-scrapes
                app.UseInstrumentator();
                app.UseRateLimiter();
                app.MapInstrumentator().RequireRateLimiting("scrapes");
                // endsnippet
            },
            builder =>
            {
                // snippet:scrape-limiter
                builder.Services.AddRateLimiter(options => options.AddFixedWindowLimiter("scrapes", limiter =>
                {
                    limiter.PermitLimit = 30;
                    limiter.Window = TimeSpan.FromMinutes(1);
                }));
                // endsnippet
            },
            [.. Enumerable.Range(0, 62).Select(_ => Get("/metrics"))]);

        Assert.Equal(200, statuses[0]);
        Assert.Contains(503, statuses);
    }

    [Fact]
    public async Task Scrapes_can_be_left_out_of_the_limit_of_the_app()
    {
        var (statuses, _) = await RunAsync(
            app =>
            {
                app.UseInstrumentator();
                app.UseRateLimiter();
                // snippet:unlimited-scrapes
                app.MapInstrumentator().DisableRateLimiting();
                // endsnippet
            },
            builder => builder.Services.AddRateLimiter(options => options.GlobalLimiter =
                System.Threading.RateLimiting.PartitionedRateLimiter.Create<HttpContext, string>(
                    _ => System.Threading.RateLimiting.RateLimitPartition.GetFixedWindowLimiter(
                        "all", _ => new() { PermitLimit = 1, Window = TimeSpan.FromHours(1) }))),
            Get("/items/5"),
            Get("/items/5"),
            Get("/metrics"));

        Assert.Equal([200, 503, 200], statuses);
    }

    [Theory]
    [InlineData("shop.example", 400)]
    [InlineData("shop.example;127.0.0.1", 200)]
    public async Task A_scrape_by_address_needs_the_address_among_the_hosts(string hosts, int status)
    {
        var (statuses, _) = await RunAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator();
            },
            builder => builder.Configuration["AllowedHosts"] = hosts,
            Get("/metrics"));

        Assert.Equal([status], statuses);
    }

    [Fact]
    public async Task A_scrape_has_a_port_of_its_own_if_the_app_speaks_HTTP2_only()
    {
        var (statuses, records) = await EdgeApp.RunAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapInstrumentator();
            },
            builder => ListenTwice(builder, IPAddress.Loopback, 0, 0),
            async (app, _) =>
            {
                Uri[] addresses = [.. app.Urls.Select(url => new Uri(url))];
                return (await SendAsync(addresses[0], [Get("/items/5", version: HttpVersion.Version20)]))
                    .Concat(await SendAsync(addresses[1], [Get("/metrics")]))
                    .Concat(await SendAsync(addresses[0], [Get("/metrics")]));
            });

        Assert.Equal([200, 200, 400], statuses);
        Assert.Equal(["/items/{id} GET 200"], records);
    }

    private static void ListenTwice(
        WebApplicationBuilder builder, IPAddress address, int grpcPort, int metricsPort)
    {
        // snippet:http2-only
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(address, grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
            options.Listen(address, metricsPort);    // HTTP/1.1
        });
        // endsnippet
    }

    private static Request Get(string path, string? host = null, Version? version = null) =>
        new(HttpMethod.Get, path, host, version);

    private static Task<(int[] Statuses, string[] Records)> RunAsync(
        Action<WebApplication> use, Action<WebApplicationBuilder> build, params Request[] requests) =>
        EdgeApp.RunAsync(use, build, (app, _) => SendAsync(app.Address(), requests));

    private static async Task<int[]> SendAsync(Uri address, Request[] requests)
    {
        using var client = new HttpClient { BaseAddress = address };
        var statuses = new int[requests.Length];
        for (var i = 0; i < requests.Length; i++)
        {
            using var message = requests[i].Message();
            using var response = await client.SendAsync(message, TestContext.Current.CancellationToken);
            statuses[i] = (int)response.StatusCode;
        }
        return statuses;
    }

    private sealed record Request(HttpMethod Method, string Path, string? Host = null, Version? Version = null)
    {
        public HttpRequestMessage Message() => new(Method, Path)
        {
            Headers = { Host = Host },
            Version = Version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }
}
