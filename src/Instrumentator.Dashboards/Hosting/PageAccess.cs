using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Instrumentator;

/// <summary>Checks that, outside Development, something decides who may see a page.</summary>
/// <param name="services">The app's services.</param>
/// <param name="pattern">The route of the page.</param>
internal sealed class PageAccess(IServiceProvider services, string pattern)
{
    private readonly bool _isDevelopment = services.GetService<IHostEnvironment>()?.IsDevelopment() is true;
    private bool _hasLogged;

    /// <summary>Checks the endpoints of a page when the app starts and their conventions are complete.</summary>
    /// <exception cref="InvalidOperationException">Nothing decides who may see the page.</exception>
    public void Check(LivePage page)
    {
        if (_isDevelopment)
            return;
        foreach (var endpoint in services.GetService<EndpointDataSource>()?.Endpoints ?? [])
        {
            if (ReferenceEquals(endpoint.Metadata.GetMetadata<LivePage>(), page) && !IsDecided(endpoint))
                throw new InvalidOperationException(Undecided(pattern));
        }
    }

    /// <summary>Whether an endpoint has a convention that decides, or the app has a policy for those that have
    /// none.</summary>
    public bool IsDecided(Endpoint? endpoint) =>
        _isDevelopment
        || endpoint?.Metadata is { } metadata
            && (metadata.GetMetadata<IAuthorizeData>() is not null
                || metadata.GetMetadata<AuthorizationPolicy>() is not null
                || metadata.GetMetadata<IAllowAnonymous>() is not null
                || metadata.GetMetadata<IHostMetadata>() is { Hosts.Count: > 0 })
        || services.GetService<IOptions<AuthorizationOptions>>()?.Value.FallbackPolicy is not null;

    /// <summary>Returns whether a request may be answered. If not, the log says once what to add: the start of the app
    /// was not reported, so it was not checked.</summary>
    public bool Allows(HttpContext context)
    {
        if (IsDecided(context.GetEndpoint()))
            return true;
        if (!Interlocked.Exchange(ref _hasLogged, true))
            Log.PageNotShown(AppLogger.Of(services), pattern, WayOut);
        return false;
    }

    private const string WayOut =
        "Add one of these to MapInstrumentatorPage():\n"
        + "  .RequireAuthorization()      signed-in users, or those of a policy: .RequireAuthorization(\"metrics\")\n"
        + "  .RequireHost(\"*:9090\")       a port that is closed to the public, since clients write the Host header\n"
        + "  .AllowAnonymous()            everybody, for example behind a proxy that checks who asks";

    private static string Undecided(string pattern) =>
        $"The live page {pattern} shows routes, error rates and metrics to everybody who reaches the app. Outside "
        + $"Development, that has to be decided. {WayOut}";
}
