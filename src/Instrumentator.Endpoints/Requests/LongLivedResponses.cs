using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>Which responses are those of long-lived requests. What a client sends alone never makes one.</summary>
/// <param name="contentTypes">The content types of streams of messages.</param>
internal sealed class LongLivedResponses(ValueList<string> contentTypes)
{
    // Where each response has a text of its own, as behind a proxy, threads would write to one place for ever, and wait for each other.
    private const int MostChanges = 1_000;

    // Not the list: an enumerator of it would be garbage.
    private readonly string[] _contentTypes = [.. contentTypes];

    // The last text that was no stream: nearly always it is this one again, since apps and frameworks have it as a constant.
    private string? _plain;
    private int _changes;

    /// <summary>Whether a response is one, once its headers are known.</summary>
    public bool Has(HttpContext context) => context.Response.ContentLength is null && IsOpen(context.Request.Method, context.Response.StatusCode, context.Response.Headers);

    /// <summary>The same of a response without <c>Content-Length</c>: one that has it is no stream.</summary>
    public bool IsOpen(string? method, int status, IHeaderDictionary headers) =>
        status == StatusCodes.Status101SwitchingProtocols || IsTunnel(method, status) || IsStream(headers.ContentType);

    // WebSockets over HTTP/2 and later are an extended CONNECT (RFC 8441).
    private static bool IsTunnel(string? method, int status) => status is >= 200 and < 300 && method?.Length == 7 && HttpMethods.IsConnect(method);

    /// <summary>Whether a content type is that of a stream of messages.</summary>
    public bool IsStream(StringValues type) => type.Count > 0 && type.ToString() is var text && !ReferenceEquals(text, _plain) && IsStreamSlow(text);

    private bool IsStreamSlow(string text)
    {
        if (IsStream(text))
            return true;
        if (_changes < MostChanges)
            (_plain, _changes) = (text, _changes + 1);
        return false;
    }

    private bool IsStream(string type)
    {
        foreach (var stream in _contentTypes)
        {
            if (type.StartsWith(stream, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
