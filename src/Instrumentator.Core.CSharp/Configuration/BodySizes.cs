namespace Instrumentator;

/// <summary>The source of request and response body sizes.</summary>
public enum BodySizes
{
    /// <summary>The <c>Content-Length</c> header, which costs nothing. A body without one, such as a chunked body,
    /// counts as 0 bytes.</summary>
    ContentLength,

    /// <summary>The bytes that the app reads and writes.</summary>
    /// <remarks>
    /// A request counts the bytes that the app reads from its body; unread bytes count as 0. A response counts the
    /// bytes handed to the server, after compression if that runs further in; a response to HEAD has no body.
    /// WebSockets and other upgraded connections have no bodies. Each request costs a few hundred bytes of memory and a
    /// few hundred nanoseconds.
    /// </remarks>
    Actual,
}
