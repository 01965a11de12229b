using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Instrumentator;

/// <summary>The outcome that the response does not show: an exception, a timeout or a client abort. The default value
/// is none of these.</summary>
/// <param name="Status">The status code that the client got, or would have got; null for the response's own.</param>
/// <param name="Exception">The exception that left the app.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestOutcome(int? Status, Exception? Exception)
{
    /// <summary>Whether the app's response is discarded: the server answers in its place, or there is no
    /// answer.</summary>
    public bool IsReplaced => Status is not null;

    /// <summary>Gets the outcome of a request that its client aborted.</summary>
    public static RequestOutcome Aborted => new(StatusLabel.Aborted, null);

    /// <summary>Returns the outcome of an exception. If the response has started, its status code was sent.</summary>
    public static RequestOutcome Of(HttpContext context, Exception exception, bool countsAborts) =>
        new(context.Response.HasStarted ? null : StatusOf(exception, context, countsAborts), exception);

    private static int StatusOf(Exception exception, HttpContext context, bool countsAborts) => exception switch
    {
        OperationCanceledException when TimeoutStatusOf(context) is { } status => status,
        OperationCanceledException or IOException when countsAborts && context.RequestAborted.IsCancellationRequested
            => StatusLabel.Aborted,
        BadHttpRequestException bad => bad.StatusCode,
        _ => StatusCodes.Status500InternalServerError,
    };

    // For an outer timeout middleware: an inner one answers the request itself.
    private static int? TimeoutStatusOf(HttpContext context)
    {
        if (context.Feature<IHttpRequestTimeoutFeature>() is not { RequestTimeoutToken.IsCancellationRequested: true })
            return null;
        var policy = EndpointRoutes.EndpointOf(context)?.Metadata.GetMetadata<RequestTimeoutPolicy>();
        return policy?.TimeoutStatusCode ?? StatusCodes.Status504GatewayTimeout;
    }
}
