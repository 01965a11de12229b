using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Instrumentator;

/// <summary>Logs, once for a metrics endpoint, that no request of its app is recorded in the registry that it
/// shows.</summary>
/// <remarks>An app without other endpoints, such as a worker service, has no requests as far as anybody knows at its
/// start. If its registry is still empty at the first scrape, something is missing.</remarks>
internal sealed class ShownRegistryCheck
{
    private readonly AppInstrumentation _state;
    private readonly IServiceProvider _services;
    private readonly string _route;
    private readonly Func<Registry?> _find;
    private bool _isDone;

    private ShownRegistryCheck(
        AppInstrumentation state, IServiceProvider services, string route, ScrapeOptions options, Func<Registry?> find)
    {
        (_state, _services, _route, _find) = (state, services, route, find);

        // Who names a registry knows what is in it.
        _isDone = options.Registry is not null;
    }

    /// <summary>Checks an endpoint when its app has started and all of the program has run.</summary>
    /// <param name="state">The app.</param>
    /// <param name="services">Its services.</param>
    /// <param name="route">The route of the endpoint, for the log.</param>
    /// <param name="options">The options of the endpoint.</param>
    /// <param name="find">Finds the registry that the endpoint shows; null when it is off.</param>
    public static ShownRegistryCheck AtStart(
        AppInstrumentation state, IServiceProvider services, string route, ScrapeOptions options, Func<Registry?> find)
    {
        var check = new ShownRegistryCheck(state, services, route, options, find);
        state.Show(find);
        services.GetService<IHostApplicationLifetime>()?.ApplicationStarted.Register(() =>
        {
            check.Check(_ => check.HasOtherEndpoints());
            state.CheckShown(services);
        });
        return check;
    }

    /// <summary>Checks the first scrape.</summary>
    public void AtScrape()
    {
        Check(registry => registry.IsEmpty);
        _isDone = true;
    }

    private void Check(Func<Registry, bool> isCertain)
    {
        // The handlers of Giraffe's instrument are known by their registry only.
        if (_isDone || _state.HasMiddleware || _find() is not { HasNestedRecorders: false } registry
            || !isCertain(registry))
        {
            return;
        }
        _isDone = true;

        var logger = AppLogger.Of(_services);
        if (registry.IsEmpty)
            Log.NotMeasured(logger, _route);
        else
            Log.OnlyOwnMetrics(logger, _route);
    }

    private bool HasOtherEndpoints()
    {
        try
        {
            return _services.GetService<EndpointDataSource>()?.Endpoints.Any(
                endpoint => endpoint.Metadata.GetMetadata<ScrapeEndpoint>() is null) is true;
        }
#pragma warning disable CA1031 // The app's own endpoints may throw, which the first request then shows.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
