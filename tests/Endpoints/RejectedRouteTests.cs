using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;

namespace Instrumentator.Tests;

/// <summary>Endpoints that answer in place of a route, and the constraints of routes that are rejected.</summary>
public sealed class RejectedRouteTests
{
    [Theory]
    [InlineData("403 Not your tenant", "GET /items/{id} 4xx 1")]
    [InlineData("503 Later", "GET /items/{id} 4xx 1")]
    [InlineData("Not your tenant", "GET none 4xx 1")]
    public async Task An_endpoint_of_a_policy_never_has_the_label_of_the_home_page(string name, string series)
    {
        await using var app = await StartAsync(
            app =>
            {
                app.MapGet("/", () => "home");
                app.MapGet("/items/{id}", () => "x");
            },
            services => services.AddSingleton<MatcherPolicy>(new Rejecting(name)));

        await app.SendAsync("GET", "/");
        await app.SendAsync("GET", "/items/5");

        Assert.Equal(["GET / 2xx 1", series], app.Requests());
    }

    [Fact]
    public async Task The_home_page_of_an_apps_own_endpoint_source_has_its_label()
    {
        await using var app = await StartAsync(app => ((IEndpointRouteBuilder)app).DataSources.Add(new OwnSource()));

        await app.SendAsync("GET", "/");

        Assert.Equal(["GET / 2xx 1"], app.Requests());
    }

    [Theory]
    [InlineData("/own/{id:counted}", "/own/5", "POST /own/{id} 4xx 1")]
    [InlineData("/own/{id:counted?}", "/own/5", "POST /own/{id} 4xx 1")]
    [InlineData("/own/{id:int:counted}", "/own/5", "POST /own/{id} 4xx 1")]
    [InlineData("/own/{id:int:counted}", "/own/x", "POST none 4xx 1")]
    [InlineData("/own/{id:derived}", "/own/5", "POST /own/{id} 4xx 1")]
    public async Task An_apps_own_constraint_is_not_asked_for_the_label(string template, string path, string series)
    {
        var calls = new Calls();
        await using var app = await StartAsync(
            app =>
            {
                app.UseRouting();
                app.Use((context, next) =>
                {
                    Assert.NotNull(context.GetEndpoint());
                    calls.Count = 0;
                    return next(context);
                });
                app.MapGet(template, () => "x");
            },
            services => services.AddSingleton(calls).Configure<RouteOptions>(options =>
            {
                options.ConstraintMap["counted"] = typeof(Counted);
                options.ConstraintMap["derived"] = typeof(Derived);
            }));

        await app.SendAsync("POST", path);

        Assert.Equal([series], app.Requests());
        Assert.Equal(0, calls.Count);
    }

    private static Task<TestApp> StartAsync(
        Action<WebApplication> endpoints, Action<IServiceCollection>? services = null) => TestApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                endpoints(app);
            },
            services: builder => services?.Invoke(builder.Services));

    /// <summary>Rejects all requests but those for the home page, with an endpoint like those of
    /// Asp.Versioning.</summary>
    private sealed class Rejecting(string name) : MatcherPolicy, IEndpointSelectorPolicy
    {
        public override int Order => 0;

        public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
            endpoints.OfType<RouteEndpoint>().Any(endpoint => endpoint.RoutePattern.PathSegments.Count > 0);

        public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
        {
            httpContext.SetEndpoint(new RouteEndpoint(
                context =>
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                },
                RoutePatternFactory.Parse(""),
                int.MaxValue,
                EndpointMetadataCollection.Empty,
                name));
            for (var i = 0; i < candidates.Count; i++)
                candidates.SetValidity(i, value: false);
            return Task.CompletedTask;
        }
    }

    private sealed class OwnSource : EndpointDataSource
    {
        public override IReadOnlyList<Endpoint> Endpoints { get; } =
        [
            new RouteEndpoint(
                context => context.Response.WriteAsync("home"),
                RoutePatternFactory.Parse("/"),
                0,
                EndpointMetadataCollection.Empty,
                "home"),
        ];

        public override IChangeToken GetChangeToken() => new CancellationChangeToken(CancellationToken.None);
    }

    private sealed class Calls
    {
        public int Count { get; set; }
    }

    private sealed class Counted(Calls calls) : IRouteConstraint
    {
        public bool Match(
            HttpContext? httpContext,
            IRouter? route,
            string routeKey,
            RouteValueDictionary values,
            RouteDirection routeDirection)
        {
            calls.Count++;
            return true;
        }
    }

    private sealed class Derived(Calls calls) : IntRouteConstraint, IRouteConstraint
    {
        bool IRouteConstraint.Match(
            HttpContext? httpContext,
            IRouter? route,
            string routeKey,
            RouteValueDictionary values,
            RouteDirection routeDirection)
        {
            calls.Count++;
            return true;
        }
    }
}
