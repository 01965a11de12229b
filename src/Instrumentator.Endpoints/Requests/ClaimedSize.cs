using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator;

/// <summary>What a request's <c>Content-Length</c> is taken for: a client may claim any number, and one of 2^63 would hide all others in a sum.</summary>
internal static class ClaimedSize
{
    /// <summary>Up to here a claim is believed: servers take more, unless somebody set their limit lower.</summary>
    public const long Usual = 28 * 1024 * 1024;

    // Where a server has no limit. Thousands of them are summed up to the byte.
    private const long Most = 1L << 40;

    /// <summary>The claim; 0 where so much cannot have come, as the server takes less.</summary>
    public static long? Of(HttpContext context) => context.Request.ContentLength is var claimed && claimed > Usual ? OfLarge(context, claimed.Value) : claimed;

    private static long OfLarge(HttpContext context, long claimed) =>
        claimed > (context.Feature<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? Most) ? 0 : claimed;
}
