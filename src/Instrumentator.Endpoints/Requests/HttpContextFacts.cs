using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>What an <see cref="HttpContext"/> tells of a request that is done. The only place where facts are read off one.</summary>
internal static class HttpContextFacts
{
    /// <summary>The status of a request that its client gave up. No RFC has it: it is nginx's, and known from there.</summary>
    public const int ClientClosedRequest = 499;

    /// <summary>The endpoint that was chosen; null when none was.</summary>
    /// <remarks>Written out, as every request needs it: a generic method of a reference type has to look its type up.</remarks>
    public static Endpoint? EndpointOf(HttpContext context) => (context.Features[typeof(IEndpointFeature)] as IEndpointFeature)?.Endpoint;

    public static RequestFacts Read(HttpContext context, in Moments moments, ResponseBodyCapture? body, Exception? exception)
    {
        var response = context.Response;

        // What the app had prepared is thrown away with the exception: the server answers in its place.
        var replaced = exception is not null && !response.HasStarted;
        return new RequestFacts
        {
            Method = context.Request.Method,
            StatusCode = replaced ? StatusOf(exception!, context) : response.StatusCode,
            StartedAt = moments.Started,
            ResponseStartedAt = replaced ? null : moments.ResponseStarted ?? moments.Ended,
            EndedAt = moments.Ended,
            TicksPerSecond = moments.TicksPerSecond,
            RequestSize = context.Request.ContentLength,
            ResponseSize = replaced ? null : response.ContentLength ?? body?.Length,
            Exception = exception,
            Exchange = new Exchange(context, HttpContextReader.Instance),
        };
    }

    private static int StatusOf(Exception exception, HttpContext context) => exception switch
    {
        OperationCanceledException or IOException when context.RequestAborted.IsCancellationRequested => ClientClosedRequest,
        BadHttpRequestException bad => bad.StatusCode,
        _ => StatusCodes.Status500InternalServerError,
    };
}

/// <summary>When a request came in, was answered and was done, in ticks of a clock.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moments(long Started, long? ResponseStarted, long Ended, long TicksPerSecond);
