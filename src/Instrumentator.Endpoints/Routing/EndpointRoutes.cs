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
    /// <summary>The maximum number of templates without an endpoint that are cached.</summary>
    public const int MaxTemplates = 1 << 16;

    private const int MaxPathBases = 100;

    private readonly ConcurrentDictionary<string, EndpointRoutes> _belowPathBases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Route> _byTemplate = new(StringComparer.Ordinal);
    private string _prefix = "";

    // Dynamic endpoint sources replace endpoints while the app runs: an endpoint's route goes with it.
    private readonly ConditionalWeakTable<Endpoint, Route> _byEndpoint = [];

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
    public Route? Find(Endpoint endpoint, PathString pathBase) =>
        recorder.Config.IncludePathBase && pathBase.HasValue ? Below(pathBase.Value).Find(endpoint) : Find(endpoint);

    /// <summary>Returns the route of a template that has no endpoint.</summary>
    public Route Find(string template, PathString pathBase)
    {
        var routes = recorder.Config.IncludePathBase && pathBase.HasValue ? Below(pathBase.Value) : this;
        return routes._byTemplate.TryGetValue(template, out var route) ? route : routes.AddSlow(template);
    }

    // Templates come from code. The limit is for an app that makes them from client input.
    private Route AddSlow(string template) => _byTemplate.Count < MaxTemplates
        ? _byTemplate.GetOrAdd(template, static (template, routes) => routes.Templated(template), this)
        : recorder.Untemplated(template);

    private Route Templated(string template, ValueList<Label>? values = null, Lifetime lifetime = default) =>
        recorder.Templated(Prefixed(template), values, lifetime);

    // A label that is not a path is a custom name and gets no prefix. The home page below a prefix is the prefix.
    private string Prefixed(string template) =>
        template == "/" && _prefix.Length > 0 ? _prefix
        : template.StartsWith('/') ? _prefix + template
        : template;

    private Route? AddSlow(Endpoint endpoint)
    {
        if (endpoint is RouteEndpoint routed && rejected.IsNoRoute(routed))
            return null;
        if (Template(endpoint, out var measured) is not { } template)
            return measured ? null : Route.Unmeasured;
        var route = measured
            ? Templated(template, RouteTemplates.ValuesOf(endpoint), longLived.LifetimeOf(endpoint))
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

    // Clients choose the case of a path base, and an app may have many: hence lower case, and a limit.
    private EndpointRoutes Below(string pathBase)
    {
        var prefix = pathBase.ToLowerInvariant();
        if (_belowPathBases.TryGetValue(prefix, out var routes))
            return routes;
        return _belowPathBases.Count < MaxPathBases
            ? _belowPathBases.GetOrAdd(
                prefix, _ => new EndpointRoutes(recorder, rejected, longLived, report) { _prefix = prefix })
            : this;
    }
}
