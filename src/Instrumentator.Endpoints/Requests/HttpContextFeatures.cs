using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Finds features of a request.</summary>
internal static class HttpContextFeatures
{
    /// <summary>The feature of a type; null when there is none.</summary>
    /// <remarks>By the indexer: the generic method of a feature collection is found anew for each call, and takes twice as long. What every request needs writes the indexer out: here, too, the type has to be looked up.</remarks>
    public static T? Feature<T>(this HttpContext context)
        where T : class => context.Features[typeof(T)] as T;
}
