using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Detects that a request runs again for an error page, and finds its first endpoint and path.</summary>
/// <remarks>The exception handler and the status code pages run the rest of the pipeline again with the same context,
/// for another path.</remarks>
internal static class Reexecution
{
    /// <summary>Whether a request that begins may be a re-execution: error pages run with the status code of the
    /// error.</summary>
    public static bool IsPossible(HttpContext context) => context.Response.StatusCode != StatusCodes.Status200OK;

    /// <summary>Returns the endpoint and the path of the first run; null when this is the first run.</summary>
    public static (Endpoint? Endpoint, string Path)? Of(HttpContext context)
    {
        if (context.Feature<IExceptionHandlerPathFeature>() is { } error)
            return (error.Endpoint, error.Path);
        if (context.Feature<IStatusCodeReExecuteFeature>() is { } page)
            return (page.Endpoint, page.OriginalPath);
        return null;
    }

    /// <summary>Whether a request is recorded already. For use at its beginning.</summary>
    public static bool IsRecorded(HttpContext context) =>
        IsPossible(context) && context.Feature<Recorded>() is not null;

    /// <summary>Marks a request as recorded. Only failed requests need it, since only they run again.</summary>
    public static void MarkRecorded(HttpContext context)
    {
        // Setting a feature makes the context look up all others again.
        if (context.Feature<Recorded>() is null)
            context.Features[typeof(Recorded)] = Recorded.Instance;
    }

    private sealed class Recorded
    {
        public static Recorded Instance { get; } = new();
    }
}
