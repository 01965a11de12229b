using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Instrumentator;

/// <summary>The outcome that the response does not show: an exception or a client abort. The default value is neither
/// of these.</summary>
/// <param name="Status">The status code that the client got, or would have got; null for the response's own.</param>
/// <param name="Exception">The exception that left the app.</param>
/// <param name="IsOpen">Whether a timeout middleware outside of this library's cancelled the request, and may still
/// answer it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestOutcome(int? Status, Exception? Exception, bool IsOpen = false)
{
    /// <summary>Whether the app's response is discarded: the server answers in its place, or there is no
    /// answer.</summary>
    public bool IsReplaced => Status is not null;

    /// <summary>Returns the outcome of a request. If the response has started, its status code was sent.</summary>
    public static RequestOutcome Of(HttpContext context, Exception? exception, bool countsAborts) =>
        !context.Response.HasStarted && StatusOf(context, exception, countsAborts) is { } status
            ? new(status, exception, IsTimedOut(context))
            : new(null, exception);

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
