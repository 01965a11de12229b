using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>Validates a request's <c>Content-Length</c>. A client may claim any number, and one claim of 2^63 would
/// hide all others in a sum.</summary>
internal static class RequestContentLength
{
    /// <summary>The largest claim that is trusted: servers accept it unless their limit was lowered.</summary>
    public const long Believed = 28 * 1024 * 1024;

    // The limit if the server has none. A sum of thousands of such claims is still exact to the byte.
    private const long Max = 1L << 40;

    /// <summary>Returns the claim; 0 if the server accepts less, since the body cannot have arrived.</summary>
    public static long? Of(HttpContext context)
    {
        var claimed = context.Request.ContentLength;
        return claimed > Believed && claimed > LimitOf(context) ? 0 : claimed;
    }

    private static long LimitOf(HttpContext context) =>
        context.Feature<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? Max;
}
