using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Instrumentator;

/// <summary>How a request ended, where its response does not tell.</summary>
/// <param name="Status">The status that the client got, or would have got; null for the response's own.</param>
/// <param name="Exception">What left the app.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Ending(int? Status, Exception? Exception)
{
    /// <summary>Whether what the app had prepared is thrown away: the server answers in its place, or nobody does.</summary>
    public bool IsReplaced => Status is not null;

    /// <summary>The end of a request whose client did not wait for it.</summary>
    public static Ending Replaced(int status) => new(status, null);

    /// <summary>That of an exception. Where the response is under way, its status was sent.</summary>
    public static Ending Of(HttpContext context, Exception exception, bool countsAborts) =>
        new(context.Response.HasStarted ? null : StatusOf(exception, context, countsAborts), exception);

    private static int StatusOf(Exception exception, HttpContext context, bool countsAborts) => exception switch
    {
        OperationCanceledException when TimeoutStatusOf(context) is { } status => status,
        OperationCanceledException or IOException when countsAborts && context.RequestAborted.IsCancellationRequested => StatusLabel.Aborted,
        BadHttpRequestException bad => bad.StatusCode,
        _ => StatusCodes.Status500InternalServerError,
    };

    // Of a timeout middleware that stands outside: inside, it answers itself.
    private static int? TimeoutStatusOf(HttpContext context) => context.Feature<IHttpRequestTimeoutFeature>() is { RequestTimeoutToken.IsCancellationRequested: true }
        ? HttpContextFacts.EndpointOf(context)?.Metadata.GetMetadata<RequestTimeoutPolicy>()?.TimeoutStatusCode ?? StatusCodes.Status504GatewayTimeout
        : null;
}
