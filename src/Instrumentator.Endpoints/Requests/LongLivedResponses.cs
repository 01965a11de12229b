using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Which responses are those of long-lived requests. What a client sends alone never makes one.</summary>
/// <param name="contentTypes">The content types of streams of messages.</param>
internal sealed class LongLivedResponses(ValueList<string> contentTypes)
{
    // Not the list: an enumerator of it would be garbage.
    private readonly string[] _contentTypes = [.. contentTypes];

    /// <summary>Whether a response is one, once its headers are known.</summary>
    public bool Has(HttpContext context) => context.Response.ContentLength is null && IsOpen(context);

    /// <summary>The same of a response without <c>Content-Length</c>: one that has it is no stream.</summary>
    public bool IsOpen(HttpContext context)
    {
        var (status, type) = (context.Response.StatusCode, context.Response.ContentType);
        return status == StatusCodes.Status101SwitchingProtocols || IsTunnel(context.Request.Method, status) || IsStream(type);
    }

    // WebSockets over HTTP/2 and later are an extended CONNECT (RFC 8441).
    private static bool IsTunnel(string? method, int status) => status is >= 200 and < 300 && method?.Length == 7 && HttpMethods.IsConnect(method);

    private bool IsStream(string? type)
    {
        if (type is null)
            return false;
        foreach (var stream in _contentTypes)
        {
            if (type.StartsWith(stream, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
