using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator;

/// <summary>Recognizes endpoints that tell by themselves which of their requests are long-lived.</summary>
/// <param name="services">The app's services, which know all endpoints.</param>
internal sealed class LongLivedEndpoints(IServiceProvider services)
{
    // By name: a reference to the types would load SignalR into apps that do not use it.
    private const string Hub = "Microsoft.AspNetCore.SignalR.HubMetadata";
    private const string Negotiation = "Microsoft.AspNetCore.Http.Connections.NegotiateMetadata";

    private readonly EndpointDataSource? _source = services.GetService<EndpointDataSource>();

    /// <summary>Returns what tells whether requests of an endpoint are long-lived.</summary>
    /// <remarks>SignalR and other connection handlers use one endpoint for all transports: a client receives with GET,
    /// or with CONNECT over HTTP/2, sends with POST, and closes with DELETE. Conventions for them apply to the endpoint
    /// of the negotiation, too, so it is checked first.</remarks>
    public Lifetime LifetimeOf(Endpoint endpoint) =>
        Find(endpoint, Negotiation) is not null ? Lifetime.Short
        : Find(endpoint, Hub) is not null || IsConnectionHandler(endpoint) ? Lifetime.ByMethod
        : endpoint.Metadata.GetMetadata<ILongLivedMetadata>() is not null ? Lifetime.Long
        : Find(endpoint, GrpcCalls.Metadata) is { } method ? LifetimeOf(GrpcCalls.IsStreaming(method))
        : Lifetime.ByResponse;

    private static Lifetime LifetimeOf(bool? isStreaming) => isStreaming switch
    {
        true => Lifetime.Long,
        false => Lifetime.Short,
        null => Lifetime.ByResponse,
    };

    // MapConnectionHandler maps a second endpoint for the negotiation, and marks only that one.
    private bool IsConnectionHandler(Endpoint endpoint) =>
        endpoint is RouteEndpoint { RoutePattern.RawText: { } route }
        && endpoint.Metadata.GetMetadata<DisableRequestTimeoutAttribute>() is not null
        && Negotiates(route + "/negotiate");

    private bool Negotiates(string route) => _source?.Endpoints.Any(other =>
        other is RouteEndpoint { RoutePattern.RawText: { } text }
        && string.Equals(text, route, StringComparison.Ordinal)
        && Find(other, Negotiation) is not null) is true;

    private static object? Find(Endpoint endpoint, string type) => endpoint.Metadata.LastOrDefault(
        metadata => string.Equals(metadata.GetType().FullName, type, StringComparison.Ordinal));
}
