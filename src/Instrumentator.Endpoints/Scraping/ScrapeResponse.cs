using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Instrumentator;

/// <summary>Writes the answer to a scrape: with its length, and to HEAD without its body.</summary>
internal static class ScrapeResponse
{
    /// <summary>Sends what was rendered.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">The bytes, and how they are encoded.</param>
    /// <param name="contentType">What they are.</param>
    /// <param name="gzip">Whether others may get them encoded otherwise.</param>
    /// <param name="cancellation">Given up.</param>
    public static Task SendAsync(HttpContext context, ScrapeBody body, string contentType, bool gzip, CancellationToken cancellation)
    {
        var headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (gzip)
            headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (body.Encoding is { } encoding)
            headers.ContentEncoding = encoding;
        return SendAsync(context, body.Bytes, contentType, cancellation);
    }

    /// <summary>Says in one line why there are no metrics, and nothing of what happened inside.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return SendAsync(context, Encoding.UTF8.GetBytes(reason + "\n"), "text/plain; charset=utf-8", context.RequestAborted);
    }

    private static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancellation)
    {
        var response = context.Response;
        (response.ContentType, response.ContentLength) = (contentType, bytes.Length);
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(bytes, cancellation).ConfigureAwait(false);
    }
}
