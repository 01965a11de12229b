using Microsoft.AspNetCore.Authentication.BearerToken;

namespace MinimalApi;

/// <summary>Ways to keep <c>/metrics</c> from those whom it does not concern: the conventions of any endpoint.</summary>
public static class PrivateMetrics
{
    public static WebApplication OnOnePort(int port, params string[] args)
    {
        var app = WebApplication.CreateBuilder(args).Build();
        app.UseInstrumentator();

        // snippet:require-host
        // The port is that of the Host header, which a client writes: keep the port itself closed to the public, too.
        app.MapInstrumentator().RequireHost($"*:{port}");
        // endsnippet
        return app;
    }

    public static WebApplication ForThoseWithAToken(params string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddAuthorization().AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
        var app = builder.Build();
        app.UseInstrumentator();

        // snippet:require-authorization
        app.MapInstrumentator().RequireAuthorization();
        // endsnippet
        return app;
    }
}
