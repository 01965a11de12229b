using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.TestHost;
using MinimalApi;

namespace Instrumentator.Tests;

/// <summary>The recipes in docs/securing-the-endpoint.md admit the readers that they describe, and no others.</summary>
public sealed class PrivateMetricsTests
{
    private const int Port = 9090;

    [Theory]
    [InlineData("metrics", 200)]
    [InlineData("orders", 403)]
    [InlineData(null, 401)]
    public async Task A_policy_lets_in_those_who_have_what_it_asks_for(string? scope, int status)
    {
        await using var app = await StartAsync(PrivateMetrics.ForAPolicy);
        var token = scope is null ? null : await TokenAsync(app, scope);

        Assert.Equal(
            status,
            await ScrapeAsync(
                app,
                context => context.Request.Headers.Authorization = token is null ? default : $"Bearer {token}"));
    }

    [Theory]
    [InlineData("shop.example:9090", 8080, 200)]
    [InlineData("shop.example:8080", 9090, 404)]
    public async Task A_host_is_what_the_client_says_it_is(string host, int port, int status)
    {
        await using var app = await StartAsync(builder => PrivateMetrics.OnOnePort(builder, Port));

        Assert.Equal(
            status,
            await ScrapeAsync(
                app,
                context => (context.Request.Host, context.Connection.LocalPort) = (new HostString(host), port)));
    }

    [Theory]
    [InlineData("shop.example:9090", 8080, 404)]
    [InlineData("shop.example:8080", 9090, 200)]
    public async Task A_local_port_is_that_of_the_connection_whatever_the_client_says(string host, int port, int status)
    {
        await using var app = await StartAsync(builder => PrivateMetrics.OnOneLocalPort(builder, Port));

        Assert.Equal(
            status,
            await ScrapeAsync(
                app,
                context => (context.Request.Host, context.Connection.LocalPort) = (new HostString(host), port)));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("fd12::3", true)]
    [InlineData("11.1.2.3", false)]
    [InlineData("::ffff:11.1.2.3", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("::10.1.2.3", false)]
    [InlineData(null, false)]
    public async Task Networks_let_in_their_own_addresses_in_either_version(string? address, bool isInside)
    {
        await using var policy = await StartAsync(PrivateMetrics.ForSomeNetworks);
        await using var plain = await StartAsync(PrivateMetrics.ForSomeNetworksWithoutAuthentication);
        void Configure(HttpContext context) =>
            context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);

        Assert.Equal(isInside ? 200 : 401, await ScrapeAsync(policy, Configure));
        Assert.Equal(isInside ? 200 : 404, await ScrapeAsync(plain, Configure));
    }

    private static async Task<WebApplication> StartAsync(Func<WebApplicationBuilder, WebApplication> recipe)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddInstrumentator(Instrumentation.Default.WithRegistry(new Registry()));
        var app = recipe(builder);
        app.MapGet(
            "/token/{scope}",
            (string scope) =>
                TypedResults.SignIn(
                    new ClaimsPrincipal(new ClaimsIdentity([new Claim("scope", scope)], "test")),
                    authenticationScheme: BearerTokenDefaults.AuthenticationScheme));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task<string> TokenAsync(WebApplication app, string scope)
    {
        using var client = app.GetTestClient();
        using var answer = JsonDocument.Parse(
            await client.GetStringAsync(
                new Uri($"/token/{scope}", UriKind.Relative),
                TestContext.Current.CancellationToken));
        return answer.RootElement.GetProperty("accessToken").GetString()!;
    }

    private static async Task<int> ScrapeAsync(WebApplication app, Action<HttpContext> configure)
    {
        var context = await app.GetTestServer().SendAsync(
            context =>
            {
                (context.Request.Method, context.Request.Path) = ("GET", "/metrics");
                configure(context);
            },
            TestContext.Current.CancellationToken);
        return context.Response.StatusCode;
    }
}
