using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Instrumentator.EndToEnd.Edge;

/// <summary>An app on Kestrel with a few routes. Its records are complete when it has stopped.</summary>
internal static class EdgeApp
{
    /// <summary>Starts an app, runs a client, stops the app, and returns the client's result and the records: the
    /// handler, the method and the status of each.</summary>
    /// <param name="use">Adds all middleware, <c>UseInstrumentator</c> included.</param>
    /// <param name="build">Adds services.</param>
    /// <param name="client">Sends requests.</param>
    public static async Task<(T Result, string[] Records)> RunAsync<T>(
        Action<WebApplication> use, Action<WebApplicationBuilder> build, Func<WebApplication, Registry, Task<T>> client)
    {
        var registry = new Registry();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddInstrumentator(Instrumentation.Default
            .WithRegistry(registry)
            .With(config => config with { GroupStatusCodes = false }));
        build(builder);
        await using var app = builder.Build();
        use(app);
        app.MapGet("/items/{id}", (string id) => id);
        app.MapGet("/unmeasured", () => "").DisableInstrumentation();
        app.MapPost("/upload", async (HttpRequest request) => await request.Body.CopyToAsync(Stream.Null));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var result = await client(app, registry);
        await app.StopAsync(TestContext.Current.CancellationToken);
        return (result, Records(registry));
    }

    public static string[] Records(Registry registry) =>
    [
        .. from family in registry.Scrape().Families
           where family.Definition.Name == "http_requests_total"
           from sample in family.Samples
           let count = sample.Value.Match(one => one.Value, _ => 0, _ => 0, _ => 0)
           from one in Enumerable.Repeat(string.Join(' ', sample.Labels.Values), (int)count)
           select one,
    ];
}
