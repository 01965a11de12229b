using Instrumentator.Adapters;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>Reads an <see cref="HttpContext"/> for metric functions.</summary>
internal sealed class HttpContextReader : ExchangeReader
{
    // ASP.NET Core sets it at the end of the pipeline, and its own metrics read it.
    private const string UnhandledKey = "__RequestUnhandled";

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

    public override bool IsUnhandled(object source) => ((HttpContext)source).Items.ContainsKey(UnhandledKey);

    private static string? Text(StringValues values) => values.Count == 0 ? null : values.ToString();
}
