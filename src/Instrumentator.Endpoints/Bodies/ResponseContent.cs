using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Tells which responses have content. Servers discard that of others, whatever the app writes.</summary>
internal static class ResponseContent
{
    /// <summary>Whether a response to this method with this status may have content (RFC 9110, 6.4.1 and
    /// 15.3.6).</summary>
    public static bool IsAllowed(string? method, int status) =>
        status is >= StatusCodes.Status200OK
            and not StatusCodes.Status204NoContent
            and not StatusCodes.Status205ResetContent
            and not StatusCodes.Status304NotModified
        && !(method?.Length == 4 && HttpMethods.IsHead(method));
}
