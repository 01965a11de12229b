using System.Globalization;
using Instrumentator.Adapters;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>Reads an <see cref="HttpContext"/> for metric functions.</summary>
internal sealed class HttpContextReader : ExchangeReader
{
    // ASP.NET Core sets it at the end of the pipeline, and its own metrics read it.
    private const string UnhandledKey = "__RequestUnhandled";

    private const string GrpcStatusUnknown = "2";
    private const string GrpcStatusCancelled = "1";

    private static readonly HttpContextReader _instance = new();

    /// <summary>Returns the request for metric functions.</summary>
    public static Exchange ExchangeOf(HttpContext context) => new(context, _instance);

    public override string Path(object source) => ((HttpContext)source).Request.Path.Value ?? "";

    public override string Scheme(object source) => ((HttpContext)source).Request.Scheme ?? "";

    public override string Protocol(object source) => ((HttpContext)source).Request.Protocol ?? "";

    public override string? RequestHeader(object source, string name) =>
        Text(((HttpContext)source).Request.Headers[name]);

    public override string? ResponseHeader(object source, string name) =>
        Text(((HttpContext)source).Response.Headers[name]);

    public override ReadOnlyMemory<byte> ResponseBody(object source) =>
        ((HttpContext)source).Feature<ResponseBodyCapture>()?.Kept ?? default;

    public override Exception? HandledException(object source) =>
        ((HttpContext)source).Feature<IExceptionHandlerFeature>()?.Error;

    // The property would add items to a request that has none, or whose app removed them.
    public override bool IsUnhandled(object source) =>
        ((HttpContext)source).Feature<IItemsFeature>()?.Items?.ContainsKey(UnhandledKey) is true;

    // grpc-dotnet reports a handler that was interrupted since its client is gone as UNKNOWN.
    public override string? GrpcStatus(object source)
    {
        var context = (HttpContext)source;
        var status = GrpcStatusOf(context);
        return status == GrpcStatusUnknown && context.RequestAborted.IsCancellationRequested
            ? GrpcStatusCancelled
            : status;
    }

    // Without a message, trailers are headers. Reading trailers creates them, so only those of gRPC are read.
    private static string? GrpcStatusOf(HttpContext context) =>
        Text(context.Response.Headers.GrpcStatus)
        ?? (context.Response.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) is true
            ? TrailerOf(context) ?? GrpcCalls.StatusOf(context)?.ToString(CultureInfo.InvariantCulture)
            : null);

    // The middleware of gRPC-Web has written them into the body: then only the call knows.
    private static string? TrailerOf(HttpContext context) =>
        Text(context.Feature<IHttpResponseTrailersFeature>()?.Trailers.GrpcStatus ?? default);

    private static string? Text(StringValues values) => values.Count == 0 ? null : values.ToString();
}
