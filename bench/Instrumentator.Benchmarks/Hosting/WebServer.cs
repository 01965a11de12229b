using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Instrumentator.Benchmarks;

/// <summary>Serves a small app on Kestrel for a load generator: with Instrumentator, with ASP.NET Core's own metrics,
/// or without metrics.</summary>
internal static class WebServer
{
    /// <summary>Prints its address, and serves until SIGTERM.</summary>
    /// <param name="variant"><c>none</c>, <c>instrumentator</c> or <c>meter</c>.</param>
    /// <param name="port">A port of 127.0.0.1; 0 for any that is free.</param>
    public static async Task RunAsync(string variant, int port)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        Use(variant, app);
        app.MapGet("/items/{id:int}", (int id) => $"item {id}");
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync();
    }

    private static void Use(string variant, WebApplication app)
    {
        switch (variant)
        {
            case "none":
                break;
            case "instrumentator":
                app.UseInstrumentator();
                app.MapInstrumentator();
                break;
            case "meter":
                SummingListener.Start(app.Services.GetRequiredService<IMeterFactory>());
                break;
            default:
                throw new ArgumentException(
                    $"There is no server {variant}: none, instrumentator or meter.",
                    nameof(variant));
        }
    }
}
