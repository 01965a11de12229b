using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Instrumentator;

/// <summary>Adds the series of an app's endpoints to the counters of requests when the app has started: see
/// <see cref="Config.InitializeSeries"/>.</summary>
internal static class SeriesInitialization
{
    private static readonly string[] _usual = [HttpMethods.Get];

    /// <summary>Adds the series when the app has started, and thus has all its endpoints; at once if the app does not
    /// tell.</summary>
    /// <param name="recorder">The recorder that will record the requests.</param>
    /// <param name="services">The app's services, which know all endpoints.</param>
    public static void AtStart(RequestRecorder recorder, IServiceProvider services)
    {
        if (services.GetService<IHostApplicationLifetime>() is { } lifetime)
            lifetime.ApplicationStarted.Register(() => TryAdd(recorder, services));
        else
            TryAdd(recorder, services);
    }

    // Endpoint sources, metadata and the backend may be code of the app, whose exceptions must not stop its start.
    private static void TryAdd(RequestRecorder recorder, IServiceProvider services)
    {
        try
        {
            Add(recorder, services.GetService<EndpointDataSource>()?.Endpoints ?? []);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            recorder.Log.SeriesNotInitialized("an exception was thrown", e);
        }
    }

    private static void Add(RequestRecorder recorder, IReadOnlyList<Endpoint> endpoints)
    {
        var counters = recorder.InitialSeries();
        if (counters.Length == 0)
            recorder.Log.SeriesNotInitialized("no counter of requests has only labels that are known in advance");
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>().Where(IsMatched))
            Add(counters, recorder.Routes.Endpoints.Find(endpoint), MethodsOf(endpoint));
        foreach (var counter in counters)
            Report(recorder, counter);
    }

    private static void Add(InitialSeries[] counters, Route? route, IReadOnlyList<string> methods)
    {
        if (route is not { IsMeasured: true })
            return;
        foreach (var counter in counters)
        {
            foreach (var method in methods)
                counter.Add(route, method);
        }
    }

    private static void Report(RequestRecorder recorder, InitialSeries counter)
    {
        if (counter.Omitted > 0)
            recorder.Log.SeriesOmitted(counter);
        else if (counter.Added == 0)
            recorder.Log.SeriesNotInitialized("the app has no endpoint that is measured");
    }

    private static IReadOnlyList<string> MethodsOf(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { HttpMethods: { Count: > 0 } methods }
            ? methods
            : _usual;

    // MVC has endpoints that only generate links.
    private static bool IsMatched(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ISuppressMatchingMetadata>() is not { SuppressMatching: true };
}
