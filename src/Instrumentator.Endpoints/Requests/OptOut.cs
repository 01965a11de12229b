using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Instrumentator;

/// <summary>Detects requests that the app opted out while they ran.</summary>
internal static class OptOut
{
    /// <summary>Whether a handler or middleware opted the request out by
    /// <see cref="IHttpMetricsTagsFeature.MetricsDisabled"/>. The feature exists only while something listens to
    /// ASP.NET Core's own meter.</summary>
    public static bool Has(HttpContext context) =>
        context.Features[typeof(IHttpMetricsTagsFeature)] is IHttpMetricsTagsFeature { MetricsDisabled: true }
        && !IsByEndpoint(context);

    // Routing sets it, too, for the endpoint of an error page. An endpoint of the request's own has no route.
    private static bool IsByEndpoint(HttpContext context) =>
        EndpointRoutes.EndpointOf(context)?.Metadata.GetMetadata<IDisableHttpMetricsMetadata>() is not null;
}
