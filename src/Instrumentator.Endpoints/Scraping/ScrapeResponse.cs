using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Net.Http.Headers;

namespace Instrumentator;

/// <summary>The response to a scrape, with its length, and without a body for HEAD requests.</summary>
internal static class ScrapeResponse
{
    /// <summary>Forbids every cache to store the response.</summary>
    public static void ForbidCaching(HttpContext context)
    {
        context.Response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;

        // Output caching ignores the header. Metadata of an endpoint does not reach it if it precedes routing.
        if (context.Feature<IOutputCacheFeature>() is { } cache)
            cache.Context.AllowCacheStorage = false;
    }

    /// <summary>Sends a rendered body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">The bytes and their encoding.</param>
    /// <param name="reader">The reader, which takes the bytes in pieces.</param>
    /// <param name="contentType">The media type of the bytes.</param>
    /// <param name="gzip">Whether other requests may get another encoding.</param>
    /// <param name="cancellationToken">Cancels the response.</param>
    public static Task SendAsync(
        HttpContext context,
        ScrapeBody body,
        ScrapeReader reader,
        string contentType,
        bool gzip,
        CancellationToken cancellationToken)
    {
        var headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (gzip)
            headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (body.Encoding is { } encoding)
            headers.ContentEncoding = encoding;
        return SendAsync(context, reader.Take(body), body.Length, contentType, cancellationToken);
    }

    /// <summary>Sends the reason why there are no metrics, in one line without internal details.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        var line = Encoding.UTF8.GetBytes(reason + "\n");
        return SendAsync(context, [line], line.Length, "text/plain; charset=utf-8", context.RequestAborted);
    }

    private static async Task SendAsync(
        HttpContext context,
        IEnumerable<ReadOnlyMemory<byte>> pieces,
        long length,
        string contentType,
        CancellationToken cancellationToken)
    {
        var response = context.Response;
        (response.ContentType, response.ContentLength) = (contentType, length);
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        foreach (var piece in pieces)
            await response.Body.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
    }
}
