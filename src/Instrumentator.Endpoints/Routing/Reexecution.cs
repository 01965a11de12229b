using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Whether a request runs a second time, for an error page; and what it was the first time.</summary>
/// <remarks>The error handler and the status code pages run the rest of the pipeline again with the same context, for
/// another path.</remarks>
internal static class Reexecution
{
    /// <summary>Whether it may be so, at the begin of a request: error pages are run with the status that they are
    /// for.</summary>
    public static bool IsPossible(HttpContext context) => context.Response.StatusCode != StatusCodes.Status200OK;

    /// <summary>The endpoint and the path of the first time; null when this is the first time.</summary>
    public static (Endpoint? Endpoint, string Path)? Of(HttpContext context)
    {
        if (context.Feature<IExceptionHandlerPathFeature>() is { } error)
            return (error.Endpoint, error.Path);
        if (context.Feature<IStatusCodeReExecuteFeature>() is { } page)
            return (page.Endpoint, page.OriginalPath);
        return null;
    }

    /// <summary>Whether it was recorded already. To be asked at its begin.</summary>
    public static bool IsRecorded(HttpContext context) => IsPossible(context) && context.Feature<Recorded>() is not null;

    /// <summary>Remembers that it was recorded. Only failures are run again, so only they need it.</summary>
    public static void MarkRecorded(HttpContext context)
    {
        // To set a feature makes a context look all others up again.
        if (context.Feature<Recorded>() is null)
            context.Features[typeof(Recorded)] = Recorded.Instance;
    }

    private sealed class Recorded
    {
        public static Recorded Instance { get; } = new();
    }
}
