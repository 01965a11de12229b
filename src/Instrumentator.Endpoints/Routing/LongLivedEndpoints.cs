using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Recognizes endpoints by their metadata whose requests are all long-lived, or none.</summary>
internal static class LongLivedEndpoints
{
    // By name: a reference to the types would load SignalR into apps that do not use it. Negotiation endpoints answer
    // at once.
    private const string Hub = "Microsoft.AspNetCore.SignalR.HubMetadata";
    private const string Negotiation = "Microsoft.AspNetCore.Http.Connections.NegotiateMetadata";

    /// <summary>Returns whether the requests of an endpoint are long-lived; null when their responses tell.</summary>
    public static bool? Of(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<ILongLivedMetadata>() is not null
            || Find(endpoint, Hub) is not null && Find(endpoint, Negotiation) is null)
        {
            return true;
        }
        return Find(endpoint, GrpcCalls.Metadata) is { } method ? GrpcCalls.IsStreaming(method) : null;
    }

    private static object? Find(Endpoint endpoint, string type) => endpoint.Metadata.LastOrDefault(
        metadata => string.Equals(metadata.GetType().FullName, type, StringComparison.Ordinal));
}
