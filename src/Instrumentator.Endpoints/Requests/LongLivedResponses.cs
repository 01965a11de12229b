using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>Detects responses of long-lived requests. Client input alone never makes a request long-lived.</summary>
/// <param name="contentTypes">The content types of streams of messages.</param>
internal sealed class LongLivedResponses(ValueList<string> contentTypes)
{
    // An array, since enumerating the list allocates.
    private readonly string[] _contentTypes = [.. contentTypes];

    /// <summary>Whether a response is long-lived whose headers are known.</summary>
    /// <param name="context">The request.</param>
    /// <param name="method">Its method when it started.</param>
    /// <param name="status">The status code.</param>
    /// <param name="headers">The headers, without a <c>Content-Length</c>: a response with one never is.</param>
    public bool Has(HttpContext context, string? method, int status, IHeaderDictionary headers) =>
        IsConnection(context, method, status)
        // A gRPC response without a message has its status in the headers.
        || IsStream(headers.ContentType) && ResponseContent.IsAllowed(method, status) && headers.GrpcStatus.Count == 0;

    /// <summary>Whether a response turns its connection over to another protocol.</summary>
    public static bool IsConnection(HttpContext context, string? method, int status) =>
        status == StatusCodes.Status101SwitchingProtocols
        || AcceptedConnect.IsPossible(method) && AcceptedConnect.Has(context);

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
