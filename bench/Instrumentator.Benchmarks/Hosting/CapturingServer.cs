using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Benchmarks;

/// <summary>A server without a network: it keeps the app that the host starts, and sends requests on demand.</summary>
internal sealed class CapturingServer : IServer
{
    private Func<Endpoint, Work>? _requests;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <summary>Returns the requests of one thread, one after the other on the same connection.</summary>
    public Work Requests(Endpoint endpoint) =>
        (_requests ?? throw new InvalidOperationException("The host was not started."))(endpoint);

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _requests = endpoint => Repeat(application, new Connection<TContext>(endpoint));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() { }

    private static Work Repeat<TContext>(IHttpApplication<TContext> application, Connection<TContext> connection)
        where TContext : notnull => operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                var context = application.CreateContext(connection);
                if (!application.ProcessRequestAsync(context).IsCompletedSuccessfully)
                    throw new InvalidOperationException("A request failed, or is not done.");
                application.DisposeContext(context, null);
            }
        };
}
