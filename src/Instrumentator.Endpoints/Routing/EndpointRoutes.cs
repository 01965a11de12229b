using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Instrumentator;

/// <summary>The route of each endpoint: created at its first request, then found by reference.</summary>
/// <param name="recorder">Creates routes.</param>
/// <param name="rejected">Recognizes endpoints that are no routes of the app.</param>
/// <param name="longLived">Recognizes endpoints of long-lived requests.</param>
/// <param name="report">Receives metadata that gave no label, and the exception that it threw.</param>
internal sealed class EndpointRoutes(
    Recorder recorder,
    RejectedRoutes rejected,
    LongLivedEndpoints longLived,
    Action<IHandlerLabelMetadata, Exception?> report)
{
    /// <summary>The maximum number of templates without an endpoint that become labels in a registry.</summary>
    public const int MaxTemplates = 10_000;

    private const int MaxPathBases = 100;

    /// <summary>The maximum number of labels with a path base in a registry: path bases times routes.</summary>
    private const int MaxBelowPathBases = 10_000;

    private readonly LabelTexts _texts = LabelTexts.Of(recorder.Registry);
    private readonly ConcurrentDictionary<int, Route> _byTemplate = [];
    private readonly ConcurrentDictionary<int, RoutesBelow> _belowByTemplate = [];

    // Dynamic endpoint sources replace endpoints while the app runs: an endpoint's routes go with it.
    private readonly ConditionalWeakTable<Endpoint, Route> _byEndpoint = [];
    private readonly ConditionalWeakTable<Endpoint, RoutesBelow> _belowByEndpoint = [];

    /// <summary>Returns the endpoint of a request; null when none was chosen.</summary>
    public static Endpoint? EndpointOf(HttpContext context) => FeatureOf(context)?.Endpoint;

    /// <summary>Returns the feature that holds the endpoint of a request; null when none was chosen yet.</summary>
    /// <remarks>Uses the indexer, which is twice as fast as the generic method of a feature collection.</remarks>
    public static IEndpointFeature? FeatureOf(HttpContext context) =>
        context.Features[typeof(IEndpointFeature)] as IEndpointFeature;

    /// <summary>Returns the route of an endpoint; null when the endpoint has no template, or is no route of the
    /// app.</summary>
    public Route? Find(Endpoint endpoint) =>
        _byEndpoint.TryGetValue(endpoint, out var route) ? route : AddSlow(endpoint);

    /// <summary>Returns the route of an endpoint below a path base, which is part of the label if so
    /// configured.</summary>
    public Route? Find(Endpoint endpoint, PathString pathBase)
    {
        var route = Find(endpoint);
        return route is not null && HasLabel(pathBase, out var index) ? Below(endpoint).Find(index) ?? route : route;
    }

    /// <summary>Returns the route of a template that has no endpoint.</summary>
    /// <remarks>Templates come from code. The limit is for an app that makes them from client input.</remarks>
    public Route Find(string template, PathString pathBase)
    {
        if (!_texts.Templates.TryFindOrAdd(template, MaxTemplates, out var index))
            return recorder.Untemplated(template);
        if (HasLabel(pathBase, out var below)
            && _belowByTemplate.GetOrAdd(index, NewBelow, this).Find(below) is { } route)
        {
            return route;
        }
        return _byTemplate.TryGetValue(index, out var plain)
            ? plain
            : _byTemplate.GetOrAdd(index, recorder.Templated(_texts.Templates[index]));
    }

    // Clients choose the case of a path base, and an app may have many: hence lower case, and a limit.
    private bool HasLabel(PathString pathBase, out int index)
    {
        index = 0;
        return recorder.Config.IncludePathBase
            && pathBase.HasValue
            && _texts.PathBases.TryFindOrAdd(pathBase.Value.ToLowerInvariant(), MaxPathBases, out index);
    }

    private RoutesBelow Below(Endpoint endpoint) =>
        _belowByEndpoint.TryGetValue(endpoint, out var below) ? below : _belowByEndpoint.GetValue(endpoint, NewBelow);

    private static RoutesBelow NewBelow(int template, EndpointRoutes routes) =>
        new(routes, routes._texts.Templates[template], [], default);

    private RoutesBelow NewBelow(Endpoint endpoint) => new(
        this,
        Template(endpoint, out var measured) is { } template && measured ? template : null,
        RouteTemplates.ValuesOf(endpoint),
        longLived.LifetimeOf(endpoint));

    private Route? NewBelow(string pathBase, string template, ValueList<Label> values, Lifetime lifetime)
    {
        // The home page below a path base is the path base.
        var label = template == "/" ? pathBase : pathBase + template;
        return _texts.BelowPathBases.TryFindOrAdd(label, MaxBelowPathBases, out _)
            ? recorder.Templated(label, values, lifetime)
            : null;
    }

    private Route? AddSlow(Endpoint endpoint)
    {
        if (endpoint is RouteEndpoint routed && rejected.IsNoRoute(routed))
            return null;
        if (Template(endpoint, out var measured) is not { } template)
            return measured ? null : Route.Unmeasured;
        var route = measured
            ? recorder.Templated(template, RouteTemplates.ValuesOf(endpoint), longLived.LifetimeOf(endpoint))
            : Route.Unmeasured;
        return _byEndpoint.TryAdd(endpoint, route) || !_byEndpoint.TryGetValue(endpoint, out var first) ? route : first;
    }

    private string? Template(Endpoint endpoint, out bool measured)
    {
        var metadata = endpoint.Metadata;
        measured = metadata.GetMetadata<IDisableInstrumentationMetadata>() is null
            && metadata.GetMetadata<IDisableHttpMetricsMetadata>() is null;
        return (metadata.GetMetadata<IHandlerLabelMetadata>() is { } named ? LabelOf(named) : null)
            ?? (StaticAssetEndpoints.Has(endpoint) ? recorder.Config.StaticAssets : null)
            ?? RouteTemplates.Of(endpoint, recorder.Config.HandlerTemplate);
    }

    // Metadata may be a class of the app: its exceptions must not reach the request.
    private string? LabelOf(IHandlerLabelMetadata metadata)
    {
        Exception? exception = null;
        try
        {
            if (metadata.HandlerLabel is { Length: > 0 } label)
                return label;
        }
#pragma warning disable CA1031 // No exception may affect the request.
        catch (Exception e)
#pragma warning restore CA1031
        {
            exception = e;
        }
        report(metadata, exception);
        return null;
    }

    /// <summary>The routes of one template below path bases.</summary>
    private sealed class RoutesBelow(
        EndpointRoutes routes, string? template, ValueList<Label> values, Lifetime lifetime)
    {
        private readonly Route?[] _byPathBase = new Route?[MaxPathBases];

        /// <summary>Returns the route below a path base; null if the label does not contain it. A label that is not a
        /// path is a custom name, which contains none.</summary>
        public Route? Find(int pathBase) =>
            _byPathBase[pathBase] ?? (template?.StartsWith('/') is true ? AddSlow(pathBase, template) : null);

        private Route? AddSlow(int pathBase, string template) =>
            routes.NewBelow(routes._texts.PathBases[pathBase], template, values, lifetime) is { } made
                ? Interlocked.CompareExchange(ref _byPathBase[pathBase], made, null) ?? made
                : null;
    }
}
