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
    public static long? Of(HttpContext context) => context.Request.ContentLength is { } claimed and > Believed ? OfLarge(context, claimed) : context.Request.ContentLength;

    /// <summary>Returns the same of a claim above <see cref="Believed"/>.</summary>
    public static long OfLarge(HttpContext context, long claimed) =>
        claimed > (context.Feature<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? Most) ? 0 : claimed;
}
