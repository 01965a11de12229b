namespace Instrumentator;

/// <summary>What the sizes of bodies are taken from.</summary>
public enum BodySizes
{
    /// <summary>From <c>Content-Length</c>, which costs nothing. A body without one, a chunked one for example, counts as 0 bytes.</summary>
    ContentLength,

    /// <summary>From the bytes that the app reads and writes.</summary>
    /// <remarks>
    /// A request counts what the app read of its body; what it left unread is 0. A response counts what was handed to the server, after compression where that is inside; the answer to HEAD has no body.
    /// WebSockets and other upgraded connections have no bodies. Each request then costs some hundred bytes of memory and some hundred nanoseconds.
    /// </remarks>
    Actual,
}
