using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>What an <see cref="HttpContext"/> tells of a request that is done. The only place where facts are read off one.</summary>
internal static class HttpContextFacts
{
    /// <summary>The endpoint that was chosen; null when none was.</summary>
    /// <remarks>Written out, as every request needs it: a generic method of a reference type has to look its type up.</remarks>
    public static Endpoint? EndpointOf(HttpContext context) => (context.Features[typeof(IEndpointFeature)] as IEndpointFeature)?.Endpoint;

    public static RequestFacts Read(HttpContext context, in Moments moments, in Ending ending, in BodyCounts bodies, bool isLongLived)
    {
        var response = context.Response;
        return new RequestFacts(
            context.Request.Method, ending.Status ?? response.StatusCode, moments.Started, moments.Ended, moments.TicksPerSecond, bodies.Request ?? ClaimedSize.Of(context),
            ending.IsReplaced ? null : bodies.Response ?? response.ContentLength, isLongLived, new Exchange(context, HttpContextReader.Instance),
            ending.IsReplaced ? null : moments.ResponseStarted ?? moments.Ended, ending.Exception);
    }
}

/// <summary>When a request came in, was answered and was done, in ticks of a clock.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moments(long Started, long? ResponseStarted, long Ended, long TicksPerSecond);

/// <summary>How many bytes of its bodies were counted; null where <c>Content-Length</c> tells.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BodyCounts(long? Request, long? Response);
