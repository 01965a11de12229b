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

    /// <summary>Whether a recorder has recorded a request already, or will when it is answered.</summary>
    public static bool IsMarked(HttpContext context, RequestRecorder recorder) =>
        context.Feature<RecordedMark>() is { } mark && mark.IsOf(recorder);

    /// <summary>Marks a request as recorded. Only failed requests need it, since only they run again.</summary>
    /// <param name="context">The request.</param>
    /// <param name="own">The mark of its recorder.</param>
    public static void MarkRecorded(HttpContext context, RecordedMark own)
    {
        // Setting a feature makes the context look up all others again.
        if (context.Feature<RecordedMark>() is not { } mark)
            context.Features[typeof(RecordedMark)] = own;
        else if (!mark.IsOf(own.Recorder))
            context.Features[typeof(RecordedMark)] = new RecordedMark(own.Recorder, mark);
    }
}

/// <summary>Marks a request as recorded by one recorder, or by several.</summary>
internal sealed class RecordedMark(RequestRecorder recorder, RecordedMark? others = null)
{
    public RequestRecorder Recorder => recorder;

    public bool IsOf(RequestRecorder other) => recorder.IsSameAs(other) || others?.IsOf(other) is true;
}
