using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>The way from an <see cref="Info"/>, or from a <see cref="RequestView"/>, to ASP.NET Core.</summary>
public static class InfoHttpContextExtensions
{
    /// <summary>The request's own context.</summary>
    /// <param name="info">What a metric function got.</param>
    /// <remarks>It is good until the metric function returns. Do not write to it: the response may be under
    /// way.</remarks>
    /// <exception cref="InvalidOperationException">The request did not come through ASP.NET Core.</exception>
    /// <example><code>Metrics.From(info =>
    /// users.With(info.HttpContext().User.Identity?.AuthenticationType).Increment())</code></example>
    public static HttpContext HttpContext(this Info info) => Of(info.Source, "info");

    /// <summary>The request's own context.</summary>
    /// <param name="request">What a label's function got.</param>
    /// <remarks>It is good until the function returns. Do not write to it.</remarks>
    /// <exception cref="InvalidOperationException">The request did not come through ASP.NET Core.</exception>
    /// <example><code>RequestLabel.From("plan", request => request.HttpContext().User.FindFirst("plan")?.Value,
    /// ["free", "pro"])</code></example>
    public static HttpContext HttpContext(this RequestView request) => Of(request.Source, "request");

    private static HttpContext Of(object? source, string name) => source as HttpContext
        ?? throw new InvalidOperationException($"This request has no HttpContext: it was not measured by UseInstrumentator. Ask {name}.Source first where both can be.");
}
