using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Instrumentator;

/// <summary>Recognizes the endpoints of static assets, whose routes contain fingerprints.</summary>
internal static class StaticAssetEndpoints
{
    // Blazor's list of all assets has a fingerprint, too, but no metadata.
    private const string BlazorList = "_framework/resource-collection.";

    public static bool Has(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
        || endpoint is RouteEndpoint { RoutePattern.RawText: { } route }
            && route.Contains(BlazorList, StringComparison.Ordinal);
}
