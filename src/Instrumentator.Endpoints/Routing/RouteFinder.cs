using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Finds the route of a request: by its endpoint, by a template that a handler told, or by its path.</summary>
/// <param name="recorder">Has the rules.</param>
/// <param name="services">The app's services, which know all endpoints.</param>
/// <param name="report">Receives metadata that gave no label, and what it threw.</param>
internal sealed class RouteFinder(
    Recorder recorder, IServiceProvider services, Action<IHandlerLabelMetadata, Exception?> report)
{
    private readonly RejectedRoutes _rejected = new(services);

    /// <summary>The routes of endpoints.</summary>
    public EndpointRoutes Endpoints { get; } = new(recorder, report);

    /// <summary>Finds the route of any request. Allocates where no endpoint was chosen.</summary>
    /// <param name="context">The request.</param>
    /// <param name="endpoint">Its endpoint; null when none was chosen.</param>
    /// <param name="pathBase">Its path base when it was routed.</param>
    /// <param name="routedPath">Its path when it was routed: a branch may have taken off what stands before it.</param>
    /// <param name="path">Its path as it was sent.</param>
    public Route Find(HttpContext context, Endpoint? endpoint, PathString pathBase, PathString routedPath, string path)
    {
        var route = endpoint is null
            ? null
            : Endpoints.Find(endpoint, pathBase) ?? FindRejected(context, endpoint, pathBase, routedPath);
        return route ?? recorder.Untemplated(path);
    }

    /// <summary>Finds the route of a template that a handler told.</summary>
    public Route Find(string template, PathString pathBase) => Endpoints.Find(template, pathBase);

    /// <summary>Finds the route that a request counts as in progress for while it has no endpoint and may still get
    /// one.</summary>
    public Route WhileUnknown(string path) => recorder.RouteWhileUnknown(path);

    private Route? FindRejected(HttpContext context, Endpoint endpoint, PathString pathBase, PathString routedPath) =>
        recorder.Config.LabelRejected
        && RejectedRoutes.IsRejection(endpoint)
        && _rejected.Find(context, routedPath) is { } rejected
            ? Endpoints.Find(rejected, pathBase)
            : null;
}
