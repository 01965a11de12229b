namespace MinimalApi;

/// <summary>The least that is needed: two lines in any app.</summary>
public static class FastTrack
{
    public static WebApplication Build(params string[] args)
    {
        // snippet:fast-track
        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();

        app.UseInstrumentator();    // measures all requests
        app.MapInstrumentator();    // GET /metrics

        app.MapGet("/hello/{name}", (string name) => $"Hello, {name}!");
        // endsnippet
        return app;
    }
}
