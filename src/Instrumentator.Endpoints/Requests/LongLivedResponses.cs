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
        IsConnection(method, status)
        // A gRPC response without a message has its status in the headers.
        || IsStream(headers.ContentType) && ResponseContent.IsAllowed(method, status) && headers.GrpcStatus.Count == 0;

    /// <summary>Whether a response turns its connection over to another protocol.</summary>
    public static bool IsConnection(string? method, int status) =>
        status == StatusCodes.Status101SwitchingProtocols || ResponseContent.IsTunnel(method, status);

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
