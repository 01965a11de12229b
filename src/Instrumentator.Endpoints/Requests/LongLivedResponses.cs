using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>Tells which responses are those of long-lived requests. What a client sends alone never makes
/// one.</summary>
/// <param name="contentTypes">The content types of streams of messages.</param>
internal sealed class LongLivedResponses(ValueList<string> contentTypes)
{
    // Not the list: enumerating it allocates.
    private readonly string[] _contentTypes = [.. contentTypes];

    /// <summary>Whether a response is one, once its headers are known. One with a <c>Content-Length</c> is not, and
    /// must not be asked about.</summary>
    public bool Has(string? method, int status, IHeaderDictionary headers) =>
        status == StatusCodes.Status101SwitchingProtocols || IsTunnel(method, status) || IsStream(headers.ContentType);

    // WebSockets over HTTP/2 and later are an extended CONNECT (RFC 8441).
    private static bool IsTunnel(string? method, int status) => status is >= 200 and < 300 && method?.Length == 7 && HttpMethods.IsConnect(method);

    /// <summary>Whether a content type is that of a stream of messages.</summary>
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
