using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;

namespace Instrumentator.Tests;

/// <summary>Outside Development, somebody has to decide who may see the page.</summary>
public sealed class AccessTests
{
    private static readonly Dictionary<string, Action<IEndpointConventionBuilder>> _decisions = new()
    {
        ["authorization"] = page => page.RequireAuthorization(),
        ["a policy"] = page => page.RequireAuthorization(
            new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build()),
        ["a host"] = page => page.RequireHost("localhost"),
        ["anybody"] = page => page.AllowAnonymous(),
    };

    public static TheoryData<string> Decisions => [.. _decisions.Keys];

    [Fact]
    public async Task A_page_for_anybody_is_an_error_at_start_that_shows_the_lines_to_add()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => LiveApp.StartAsync(environment: "Production"));
        Assert.Equal(
            "The live page /metrics-live shows routes, error rates and metrics to everybody who reaches the app. Outside "
                + "Development, that has to be decided. Add one of these to MapInstrumentatorPage():\n"
                + "  .RequireAuthorization()      signed-in users, or those of a policy: "
                + ".RequireAuthorization(\"metrics\")\n"
                + "  .RequireHost(\"*:9090\")       a port that is closed to the public, since clients write the Host "
                + "header\n"
                + "  .AllowAnonymous()            everybody, for example behind a proxy that checks who asks",
            error.Message);
    }

    [Theory]
    [MemberData(nameof(Decisions))]
    public async Task A_convention_decides(string decision)
    {
        await using var app = await LiveApp.StartAsync(
            environment: "Production",
            configure: one => _decisions[decision](one.MapInstrumentatorPage()),
            services: AddSignedInUser);
        await AssertAsync(HttpStatusCode.OK, app, "/metrics-live", "/metrics-live/data");
    }

    [Fact]
    public async Task A_convention_of_the_group_around_it_decides()
    {
        await using var app = await LiveApp.StartAsync(
            environment: "Production",
            configure: one => one.MapGroup("/ops").RequireAuthorization().MapInstrumentatorPage("/live"),
            services: AddSignedInUser);
        await AssertAsync(HttpStatusCode.OK, app, "/ops/live", "/ops/live/data");
    }

    [Fact]
    public async Task A_fallback_policy_of_the_app_decides()
    {
        await using var app = await LiveApp.StartAsync(
            environment: "Production",
            services: services => AddSignedInUser(services.AddAuthorization(options =>
                options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build())));
        await AssertAsync(HttpStatusCode.OK, app, "/metrics-live", "/metrics-live/data");
    }

    [Fact]
    public async Task Page_and_data_follow_the_same_convention()
    {
        await using var app = await LiveApp.StartAsync(
            environment: "Production",
            configure: one => one.MapInstrumentatorPage()
                .RequireAuthorization(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build()),
            services: AddSignedInUser);
        await AssertAsync(HttpStatusCode.Forbidden, app, "/metrics-live", "/metrics-live/data");
    }

    [Fact]
    public async Task A_host_that_does_not_match_has_no_page()
    {
        await using var app = await LiveApp.StartAsync(
            environment: "Production", configure: one => one.MapInstrumentatorPage().RequireHost("*:9090"));
        await AssertAsync(HttpStatusCode.NotFound, app, "/metrics-live", "/metrics-live/data");
    }

    [Fact]
    public async Task Where_the_start_is_not_seen_the_first_request_is_refused_and_the_log_shows_the_way_out()
    {
        var log = new LogLines();
        using var host = await new HostBuilder()
            .UseEnvironment("Production")
            .ConfigureWebHost(web => web
                .UseTestServer()
                .ConfigureLogging(logging => logging.AddProvider(log))
                .ConfigureServices(services => services.AddRouting())
                .Configure(app => app.UseRouting().UseEndpoints(endpoints => endpoints.MapInstrumentatorPage())))
            .StartAsync(TestContext.Current.CancellationToken);
        using var client = host.GetTestClient();
        foreach (var path in new[] { "/metrics-live", "/metrics-live/data", "/metrics-live" })
        {
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
        Assert.Contains(".RequireAuthorization()", Assert.Single(log.Of(22)), StringComparison.Ordinal);
    }

    private static void AddSignedInUser(IServiceCollection services) => services
        .AddAuthorization()
        .AddAuthentication("test")
        .AddScheme<AuthenticationSchemeOptions, SignedIn>("test", null);

    private static async Task AssertAsync(HttpStatusCode expected, LiveApp app, params string[] paths)
    {
        foreach (var path in paths)
        {
            using var response = await app.GetAsync(path);
            Assert.Equal(expected, response.StatusCode);
        }
    }

    private sealed class SignedIn(
        Microsoft.Extensions.Options.IOptionsMonitor<AuthenticationSchemeOptions> options,
        ILoggerFactory logger,
        System.Text.Encodings.Web.UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var user = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "somebody")], "test"));
            return Task.FromResult(AuthenticateResult.Success(new(user, "test")));
        }
    }
}
