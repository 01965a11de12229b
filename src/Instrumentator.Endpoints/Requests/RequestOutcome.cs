using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Instrumentator;

/// <summary>The outcome that the response does not show: an exception or a client abort. The default value is neither
/// of these.</summary>
/// <param name="Status">The status code that the client got, or would have got; null for the response's own.</param>
/// <param name="Exception">The exception that left the app.</param>
/// <param name="IsOpen">Whether middleware outside of this library's may still answer the request.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestOutcome(int? Status, Exception? Exception, bool IsOpen = false)
{
    /// <summary>Whether the app's response is discarded: the server answers in its place, or there is no
    /// answer.</summary>
    public bool IsReplaced => Status is not null;

    /// <summary>Whether the response shows all, and is final.</summary>
    public bool IsPlain => Status is null && Exception is null && !IsOpen;

    /// <summary>Returns the outcome of a request. If the response has started, its status code was sent.</summary>
    /// <param name="context">The request.</param>
    /// <param name="exception">The exception that left the app; null if there was none.</param>
    /// <param name="countsAborts">Whether a client abort has a status of its own.</param>
    /// <param name="mayChange">Whether unknown middleware outside may change a status code.</param>
    public static RequestOutcome Of(HttpContext context, Exception? exception, bool countsAborts, bool mayChange)
    {
        if (context.Response.HasStarted)
            return new(null, exception);
        var status = StatusOf(context, exception, countsAborts);
        var isOpen = IsAnswerable(context, status, mayChange) && UnansweredRequest.IsPossible(context);
        return new(status, exception, isOpen);
    }

    // Nobody can answer a client that hung up. An exception may meet an error page.
    private static bool IsAnswerable(HttpContext context, int? status, bool mayChange) =>
        status is StatusLabel.Aborted ? IsTimedOut(context)
        : status is not null || mayChange || HasStatusPages(context);

    // They stand outside, or inside and are done.
    private static bool HasStatusPages(HttpContext context) =>
        context.Response.StatusCode >= StatusCodes.Status400BadRequest
        && context.Feature<IStatusCodePagesFeature>() is { Enabled: true };

    private static int? StatusOf(HttpContext context, Exception? exception, bool countsAborts) =>
        countsAborts && context.RequestAborted.IsCancellationRequested ? StatusLabel.Aborted
        : exception is null ? null
        : exception is BadHttpRequestException bad ? bad.StatusCode
        : StatusCodes.Status500InternalServerError;

    // The middleware replaced the server's token by its own, which a client abort cancels as well. Only when the
    // response is complete, it shows which of the two it was.
    private static bool IsTimedOut(HttpContext context) =>
        context.Feature<IHttpRequestTimeoutFeature>() is { RequestTimeoutToken.IsCancellationRequested: true };
}
