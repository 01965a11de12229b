using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Recognizes endpoints whose requests are long-lived by their metadata.</summary>
internal static class LongLivedEndpoints
{
    // By name: a reference to the types would load SignalR into apps that do not use it. Negotiation endpoints answer
    // at once.
    private const string Hub = "Microsoft.AspNetCore.SignalR.HubMetadata";
    private const string Negotiation = "Microsoft.AspNetCore.Http.Connections.NegotiateMetadata";

    public static bool Has(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ILongLivedMetadata>() is not null
        || Names(endpoint, Hub) && !Names(endpoint, Negotiation);

    private static bool Names(Endpoint endpoint, string type) =>
        endpoint.Metadata.Any(metadata => string.Equals(metadata.GetType().FullName, type, StringComparison.Ordinal));
}
