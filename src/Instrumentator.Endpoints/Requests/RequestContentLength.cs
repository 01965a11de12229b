using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>The rule of a request's <c>Content-Length</c>: a client may claim any number, and one of 2^63 would hide
/// all others in a sum.</summary>
internal static class RequestContentLength
{
    /// <summary>Up to here a claim is believed: servers accept it unless their limit was lowered.</summary>
    public const long Believed = 28 * 1024 * 1024;

    // Where a server has no limit. Thousands of them are summed up to the byte.
    private const long Most = 1L << 40;

    /// <summary>Returns the claim; 0 where the server accepts less, so that the body cannot have come.</summary>
    public static long? Of(HttpContext context)
    {
        var claimed = context.Request.ContentLength;
        return claimed > Believed && claimed > LimitOf(context) ? 0 : claimed;
    }

    private static long LimitOf(HttpContext context) =>
        context.Feature<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? Most;
}
