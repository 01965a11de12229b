using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Which endpoints say that their requests are long-lived.</summary>
internal static class LongLivedEndpoints
{
    // By name, since to name the types would load SignalR into apps that have none. What only negotiates answers at once.
    private const string Hub = "Microsoft.AspNetCore.SignalR.HubMetadata";
    private const string Negotiation = "Microsoft.AspNetCore.Http.Connections.NegotiateMetadata";

    public static bool Has(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ILongLivedMetadata>() is not null || Names(endpoint, Hub) && !Names(endpoint, Negotiation);

    private static bool Names(Endpoint endpoint, string type) =>
        endpoint.Metadata.Any(metadata => string.Equals(metadata.GetType().FullName, type, StringComparison.Ordinal));
}
