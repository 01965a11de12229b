namespace Instrumentator;

/// <summary>How a route template becomes the handler label.</summary>
public enum HandlerTemplate
{
    /// <summary>Parameters appear only by name, and no slash is at the end: <c>/items/{id}</c> for
    /// <c>/items/{id:int:min(1)}/</c>.</summary>
    Names,

    /// <summary>The template as written, for joins with the <c>http.route</c> of OpenTelemetry. That of
    /// <c>MapGroup("/users").MapGet("/")</c> is <c>/users/</c>.</summary>
    Raw,
}
