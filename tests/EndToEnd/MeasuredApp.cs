using System.Net;
using Instrumentator.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.EndToEnd;

/// <summary>An instrumented app on Kestrel with its own registry, and access to the series that it recorded.</summary>
internal sealed class MeasuredApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MeasuredApp(WebApplication app, Registry registry)
    {
        (_app, Registry) = (app, registry);
        Client = new HttpClient { BaseAddress = app.Address() };
    }

    public Registry Registry { get; }

    public HttpClient Client { get; }

    public Uri Address => _app.Address();

    /// <summary>Starts an app on a free port. Status codes are not grouped by default.</summary>
    public static async Task<MeasuredApp> StartAsync(
        Action<WebApplication> configure,
        Func<Instrumentation, Instrumentation>? change = null,
        Action<IServiceCollection>? services = null,
        HttpProtocols protocols = HttpProtocols.Http1)
    {
        var registry = new Registry();
        var instrumentation = Instrumentation
            .Default.WithRegistry(registry)
            .With(config => config with { GroupStatusCodes = false });
        var app = await LocalServer.StartAsync(args =>
        {
            var builder = WebApplication.CreateSlimBuilder([.. args, "--Logging:LogLevel:Default=None"]);
            builder.WebHost.ConfigureKestrel(options =>
                options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
            builder.Services.AddRouting().AddInstrumentator((change ?? (it => it))(instrumentation));
            services?.Invoke(builder.Services);
            var app = builder.Build();
            configure(app);
            return app;
        });
        return new MeasuredApp(app, registry);
    }

    /// <inheritdoc cref="SeriesLines"/>
    public string[] Series(string family) => Registry.Series(family);

    /// <inheritdoc cref="SeriesLines.ExpectAsync"/>
    public Task ExpectAsync(string family, params string[] series) => Registry.ExpectAsync(family, series);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
