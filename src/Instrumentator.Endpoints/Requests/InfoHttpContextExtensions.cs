using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>The way from an <see cref="Info"/> to ASP.NET Core.</summary>
public static class InfoHttpContextExtensions
{
    /// <summary>The request's own context.</summary>
    /// <param name="info">What a metric function got.</param>
    /// <remarks>It is good until the metric function returns. Do not write to it: the response may be under way.</remarks>
    /// <exception cref="InvalidOperationException">The request did not come through ASP.NET Core.</exception>
    /// <example><code>Metrics.From(info => users.With(info.HttpContext().User.Identity?.AuthenticationType).Increment())</code></example>
    public static HttpContext HttpContext(this Info info) => info.Source as HttpContext
        ?? throw new InvalidOperationException("This request has no HttpContext: it was not measured by UseInstrumentator. Ask info.Source first where both can be.");
}
