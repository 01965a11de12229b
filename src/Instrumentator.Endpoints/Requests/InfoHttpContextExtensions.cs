using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Gives access to the <c>HttpContext</c> of an <see cref="Info"/> or a <see cref="RequestView"/>.</summary>
public static class InfoHttpContextExtensions
{
    /// <summary>Returns the context of the request.</summary>
    /// <param name="info">The argument of a metric function.</param>
    /// <remarks>Valid until the metric function returns. Do not write to it: the response may be in progress.</remarks>
    /// <exception cref="InvalidOperationException">The request did not come through ASP.NET Core.</exception>
    /// <example><code>Metrics.From(info =>
    /// users.With(info.HttpContext().User.Identity?.AuthenticationType).Increment())</code></example>
    public static HttpContext HttpContext(this Info info) => Of(info.Source, "info");

    /// <summary>Returns the context of the request.</summary>
    /// <param name="request">The argument of a label's function.</param>
    /// <remarks>Valid until the function returns. Do not write to it.</remarks>
    /// <exception cref="InvalidOperationException">The request did not come through ASP.NET Core.</exception>
    /// <example><code>RequestLabel.From("plan", request => request.HttpContext().User.FindFirst("plan")?.Value,
    /// ["free", "pro"])</code></example>
    public static HttpContext HttpContext(this RequestView request) => Of(request.Source, "request");

    private static HttpContext Of(object? source, string name) => source as HttpContext
        ?? throw new InvalidOperationException(
            "This request has no HttpContext: it was not measured by UseInstrumentator. "
            + $"Ask {name}.Source first if the request may come from elsewhere.");
}
