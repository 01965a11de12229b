using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Instrumentator;

/// <summary>Answers a scrape: rendered whole, then sent. Never half of it with a 200.</summary>
internal static class ScrapeEndpoint
{
    /// <summary>Answers; 404 where there is nothing to show.</summary>
    public static Task AnswerAsync(HttpContext context, Registry? registry, ScrapeOptions options)
    {
        if (registry is not null)
            return WriteAsync(context, registry, options);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    public static async Task WriteAsync(HttpContext context, Registry registry, ScrapeOptions options)
    {
        var format = Accept.Choose(context.Request.Headers.Accept);
        using var buffer = new PooledBuffer();
        try
        {
            await format.WriteAsync(registry, buffer, context.RequestAborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // Whatever failed: the reader learns that it did, and no more.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await FailAsync(context, e).ConfigureAwait(false);
            return;
        }
        await SendAsync(context, buffer.Written, format.ContentType, options.Gzip).ConfigureAwait(false);
    }

    private static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> text, string contentType, bool gzip)
    {
        var response = context.Response;
        response.ContentType = contentType;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (gzip)
        {
            response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
            if (AcceptEncoding.TakesGzip(context.Request.Headers.AcceptEncoding))
            {
                response.Headers.ContentEncoding = AcceptEncoding.Gzip;
                text = Compress(text);
            }
        }
        response.ContentLength = text.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    private static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(text.Span);
        return compressed.ToArray();
    }

    private static Task FailAsync(HttpContext context, Exception exception)
    {
        if (context.RequestServices?.GetService<ILoggerFactory>() is { } loggers)
            Log.ScrapeFailed(loggers.CreateLogger("Instrumentator"), exception);
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return context.Response.WriteAsync("The metrics could not be rendered.\n", context.RequestAborted);
    }
}
