namespace Instrumentator;

/// <summary>The source of request and response body sizes.</summary>
public enum BodySizes
{
    /// <summary>The <c>Content-Length</c> header, which costs nothing. A body without one, such as a chunked body,
    /// counts as 0 bytes.</summary>
    /// <remarks>The header counts whether or not there is a body: that of a response to HEAD, or of a 304, is the size
    /// that a GET would have had.</remarks>
    ContentLength,

    /// <summary>The bytes that the app reads and the client is sent.</summary>
    /// <remarks>
    /// A request counts the bytes that the app reads from its body; unread bytes count as 0. A response counts the
    /// bytes that the server accepts, after compression if that runs further in. Responses to HEAD and those with the
    /// status 204, 205 or 304 have no body, and neither do WebSockets and other upgraded connections and tunnels: they
    /// count as 0 bytes. Each request costs a few hundred bytes of memory and a few hundred nanoseconds.
    /// </remarks>
    Actual,
}
