using Instrumentator.Adapters;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>Reads an <see cref="HttpContext"/> for metric functions.</summary>
internal sealed class HttpContextReader : ExchangeReader
{
    private static readonly HttpContextReader _instance = new();

    /// <summary>Returns the request for metric functions.</summary>
    public static Exchange ExchangeOf(HttpContext context) => new(context, _instance);

    public override string Path(object source) => ((HttpContext)source).Request.Path.Value ?? "";

    public override string? RequestHeader(object source, string name) =>
        Text(((HttpContext)source).Request.Headers[name]);

    public override string? ResponseHeader(object source, string name) =>
        Text(((HttpContext)source).Response.Headers[name]);

    public override ReadOnlyMemory<byte> ResponseBody(object source) =>
        ((HttpContext)source).Feature<ResponseBodyCapture>()?.Kept ?? default;

    private static string? Text(StringValues values) => values.Count == 0 ? null : values.ToString();
}
