using System.Net;
using Microsoft.AspNetCore.Authentication.BearerToken;

namespace MinimalApi;

/// <summary>Ways to keep <c>/metrics</c> from those whom it does not concern: the conventions of any
/// endpoint.</summary>
public static class PrivateMetrics
{
    public static WebApplication OnOnePort(WebApplicationBuilder builder, int port)
    {
        var app = builder.Build();
        app.UseInstrumentator();

        // snippet:require-host
        // The port is that of the Host header, which a client writes: keep the port itself closed to the public, too.
        app.MapInstrumentator().RequireHost($"*:{port}");
        // endsnippet
        return app;
    }

    public static WebApplication OnOneLocalPort(WebApplicationBuilder builder, int port)
    {
        var app = builder.Build();
        app.UseInstrumentator();

        // snippet:require-local-port
        app.MapInstrumentator().OnlyWhere(context => context.Connection.LocalPort == port);
        // endsnippet
        return app;
    }

    public static WebApplication ForThoseWithAToken(WebApplicationBuilder builder)
    {
        builder
            .Services.AddAuthorization()
            .AddAuthentication(BearerTokenDefaults.AuthenticationScheme)
            .AddBearerToken();
        var app = builder.Build();
        app.UseInstrumentator();
        app.UseAuthentication();
        app.UseAuthorization();

        // snippet:require-authorization
        app.MapInstrumentator().RequireAuthorization();
        // endsnippet
        return app;
    }

    public static WebApplication ForAPolicy(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();

        // snippet:policy
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy("metrics", policy => policy.RequireClaim("scope", "metrics"));

        var app = builder.Build();
        app.UseInstrumentator();
        app.UseAuthentication();    // behind it, so that a 401 is measured
        app.UseAuthorization();
        app.MapInstrumentator().RequireAuthorization("metrics");
        // endsnippet
        return app;
    }

    public static WebApplication ForSomeNetworks(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();

        // snippet:network-policy
        builder
            .Services.AddAuthorizationBuilder()
            .AddPolicy(
                "metrics",
                policy =>
                    policy.RequireAssertion(asked => asked.Resource is HttpContext context && IsFromInside(context)));

        var app = builder.Build();
        app.UseInstrumentator();
        app.UseAuthentication();    // behind it, so that a 401 is measured
        app.UseAuthorization();
        app.MapInstrumentator().RequireAuthorization("metrics");
        // endsnippet
        return app;
    }

    public static WebApplication ForSomeNetworksWithoutAuthentication(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.UseInstrumentator();

        // snippet:network-only
        app.MapInstrumentator().OnlyWhere(IsFromInside);
        // endsnippet
        return app;
    }

    // snippet:networks
    private static readonly IPNetwork[] _inside =
    [
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("fd00::/8"),
        IPNetwork.Parse("::1/128"),
    ];

    private static bool IsFromInside(HttpContext context)
    {
        // A socket that takes both versions shows 10.0.0.1 as ::ffff:10.0.0.1.
        var remote = context.Connection.RemoteIpAddress;
        var address = remote is { IsIPv4MappedToIPv6: true } ? remote.MapToIPv4() : remote;
        return address is not null && _inside.Any(network => network.Contains(address));
    }
    // endsnippet

    // snippet:only-where
    /// <summary>All others get what they get where there is no such endpoint.</summary>
    private static void OnlyWhere(this IEndpointConventionBuilder endpoint, Func<HttpContext, bool> isAllowed) =>
        endpoint.Add(built =>
        {
            var answer = built.RequestDelegate!;
            built.RequestDelegate = context =>
                isAllowed(context) ? answer(context) : TypedResults.NotFound().ExecuteAsync(context);
        });
    // endsnippet
}
