using Microsoft.AspNetCore.Authentication.BearerToken;

namespace MinimalApi;

/// <summary>Ways to decide who sees <c>/metrics-live</c>: the conventions of any endpoint.</summary>
public static class PrivatePage
{
    public static WebApplication InDevelopment(WebApplicationBuilder builder)
    {
        var app = builder.Build();

        // snippet:live-page
        app.UseInstrumentator();
        app.MapInstrumentator();        // GET /metrics
        app.MapInstrumentatorPage();    // GET /metrics-live
        // endsnippet
        return app;
    }

    public static WebApplication ForAPolicy(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy("metrics", policy => policy.RequireClaim("scope", "metrics"));
        var app = builder.Build();
        app.UseInstrumentator();
        app.UseAuthentication();
        app.UseAuthorization();

        // snippet:live-page-policy
        app.MapInstrumentatorPage().RequireAuthorization("metrics");
        // endsnippet
        return app;
    }

    public static WebApplication OnOnePort(WebApplicationBuilder builder, int port)
    {
        var app = builder.Build();
        app.UseInstrumentator();

        // snippet:live-page-port
        // The port is that of the Host header, which a client writes: keep the port itself closed to the public, too.
        app.MapInstrumentatorPage().RequireHost($"*:{port}");
        // endsnippet
        return app;
    }

    public static WebApplication ForEverybody(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.UseInstrumentator();

        // snippet:live-page-everybody
        app.MapInstrumentatorPage().AllowAnonymous();
        // endsnippet
        return app;
    }
}
