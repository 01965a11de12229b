using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Finds the route of a request: by its endpoint, by a template that a handler set, or by its path.</summary>
internal sealed class RouteFinder
{
    private readonly Recorder _recorder;
    private readonly RejectedRoutes _rejected;

    /// <summary>Creates a finder.</summary>
    /// <param name="recorder">Provides the rules.</param>
    /// <param name="services">The app's services, which know all endpoints.</param>
    /// <param name="report">Receives metadata that gave no label, and the exception that it threw.</param>
    public RouteFinder(
        Recorder recorder, IServiceProvider services, Action<IHandlerLabelMetadata, Exception?> report)
    {
        (_recorder, _rejected) = (recorder, new RejectedRoutes(services));
        Endpoints = new EndpointRoutes(recorder, _rejected, new LongLivedEndpoints(services), report);
    }

    /// <summary>Gets the routes of endpoints.</summary>
    public EndpointRoutes Endpoints { get; }

    /// <summary>Finds the route of any request. Allocates when no endpoint was chosen.</summary>
    /// <param name="context">The request.</param>
    /// <param name="endpoint">Its endpoint; null when none was chosen.</param>
    /// <param name="pathBase">Its path base at the time of routing.</param>
    /// <param name="routedPath">Its path at the time of routing: a branch may have removed its beginning.</param>
    /// <param name="path">Its path as sent.</param>
    public Route Find(HttpContext context, Endpoint? endpoint, PathString pathBase, PathString routedPath, string path)
    {
        var route = endpoint is null
            ? null
            : Endpoints.Find(endpoint, pathBase) ?? FindRejected(context, endpoint, pathBase, routedPath);
        return route ?? _recorder.Untemplated(path);
    }

    /// <summary>Finds the route of a template that a handler set.</summary>
    public Route Find(string template, PathString pathBase) => Endpoints.Find(template, pathBase);

    /// <summary>Finds the route of the in-progress gauge while a request has no endpoint and may still get
    /// one.</summary>
    public Route WhileUnknown(string path) => _recorder.RouteWhileUnknown(path);

    private Route? FindRejected(HttpContext context, Endpoint endpoint, PathString pathBase, PathString routedPath) =>
        _recorder.Config.LabelRejected
        && RejectedRoutes.IsRejection(endpoint)
        && _rejected.Find(context, routedPath) is { } rejected
            ? Endpoints.Find(rejected, pathBase)
            : null;
}
