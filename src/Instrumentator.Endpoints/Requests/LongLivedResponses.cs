using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>Detects responses of long-lived requests. Client input alone never makes a request long-lived.</summary>
/// <param name="contentTypes">The content types of streams of messages.</param>
internal sealed class LongLivedResponses(ValueList<string> contentTypes)
{
    // An array, since enumerating the list allocates.
    private readonly string[] _contentTypes = [.. contentTypes];

    /// <summary>Whether a response with these headers is long-lived. Not for a response with a <c>Content-Length</c>,
    /// which never is.</summary>
    public bool Has(string? method, int status, IHeaderDictionary headers) =>
        status == StatusCodes.Status101SwitchingProtocols || IsTunnel(method, status) || IsStream(headers.ContentType);

    // WebSockets over HTTP/2 and later use an extended CONNECT (RFC 8441).
    private static bool IsTunnel(string? method, int status) =>
        status is >= 200 and < 300 && method?.Length == 7 && HttpMethods.IsConnect(method);

    /// <summary>Whether a content type is one of a stream of messages.</summary>
    public bool IsStream(StringValues header)
    {
        if (header.Count == 0)
            return false;
        var type = header.ToString();
        foreach (var stream in _contentTypes)
        {
            if (type.StartsWith(stream, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
