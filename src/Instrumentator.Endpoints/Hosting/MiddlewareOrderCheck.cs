using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Instrumentator;

/// <summary>Finds framework middleware that precedes ours and answers requests, which are then not measured.</summary>
/// <remarks>An app does not expose its middleware, so the check reads a private list; without one, it reports nothing.
/// Branches have their own lists.</remarks>
internal static class MiddlewareOrderCheck
{
    private const string Routing = "Microsoft.AspNetCore.Routing.EndpointRoutingMiddleware";
    private const string HostFiltering = "Microsoft.AspNetCore.HostFiltering.HostFilteringMiddleware";
    private const string Authentication = "Microsoft.AspNetCore.Authentication.AuthenticationMiddleware";
    private const string Authorization = "Microsoft.AspNetCore.Authorization.AuthorizationMiddlewareInternal";

    // Not error pages: their requests are recorded in either order. Nor middleware that passes every request on:
    // sessions, WebSockets, antiforgery, compression, routing.
    private static readonly string[] _answering =
    [
        Authentication,
        Authorization,
        "Microsoft.AspNetCore.Authorization.AuthorizationMiddleware",
        "Microsoft.AspNetCore.Cors.Infrastructure.CorsMiddleware",
        "Microsoft.AspNetCore.Diagnostics.WelcomePageMiddleware",
        HostFiltering,
        "Microsoft.AspNetCore.HttpsPolicy.HttpsRedirectionMiddleware",
        "Microsoft.AspNetCore.OutputCaching.OutputCacheMiddleware",
        "Microsoft.AspNetCore.RateLimiting.RateLimitingMiddleware",
        "Microsoft.AspNetCore.ResponseCaching.ResponseCachingMiddleware",
        "Microsoft.AspNetCore.Rewrite.RewriteMiddleware",
        "Microsoft.AspNetCore.Routing.EndpointMiddleware",
        "Microsoft.AspNetCore.StaticFiles.DefaultFilesMiddleware",
        "Microsoft.AspNetCore.StaticFiles.DirectoryBrowserMiddleware",
        "Microsoft.AspNetCore.StaticFiles.StaticFileMiddleware",
    ];

    /// <summary>Returns the number of middleware in an app so far.</summary>
    public static int CountOf(IApplicationBuilder app) => NamesOf(app).Length;

    /// <summary>Whether middleware that is not the framework's may precede ours: it may change any response, or run
    /// requests again.</summary>
    /// <remarks>A branch does not show the middleware around it, and a <c>WebApplication</c> does not show that of
    /// startup filters.</remarks>
    public static bool HasUnknown(IApplicationBuilder app) =>
        IsBranch(app)
        || Array.Exists(NamesOf(app), IsUnknown)
        || (app is WebApplication && StartupFiltersOf(app).Any(filter => IsUnknown($"{filter.GetType()}")));

    /// <summary>Whether an app is a branch of another one.</summary>
    /// <remarks>Only the builder of a branch has a copy of the properties instead of a dictionary.</remarks>
    public static bool IsBranch(IApplicationBuilder app) => app.Properties is not Dictionary<string, object?>;

    // A lambda has the name of the framework's closure around it, which is a nested type.
    private static bool IsUnknown(string name) =>
        !name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)
        || name.Contains('+', StringComparison.Ordinal);

    private static IEnumerable<IStartupFilter> StartupFiltersOf(IApplicationBuilder app) =>
        app.ApplicationServices.GetService<IEnumerable<IStartupFilter>>() ?? [];

    /// <summary>Returns the middleware that precedes ours when an app starts, and the remedy; null when there is
    /// none.</summary>
    /// <param name="app">The app.</param>
    /// <param name="place">The number of middleware before ours.</param>
    public static (string Middleware, string Remedy)? Find(IApplicationBuilder app, int place)
    {
        var names = NamesOf(app);
        var added = names
            .Take(place)
            .Where(name => Array.IndexOf(_answering, name) >= 0 && !(name == HostFiltering && AllowsAllHosts(app)))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        var automatic = AddedByItself(app, names).ToArray();
        if (added.Length + automatic.Length == 0)
            return null;
        string[] ways =
        [
            .. added.Length > 0 ? ["Call app.UseInstrumentator() before it."] : Array.Empty<string>(),
            .. automatic.Length > 0
                ? ["WebApplication adds authentication and authorization first if the app does not call them: "
                    + "call app.UseAuthentication() and app.UseAuthorization() after app.UseInstrumentator()."]
                : Array.Empty<string>(),
            "Or call builder.Services.AddInstrumentatorStartupFilter(), which measures them in any order.",
        ];
        return (string.Join(" and ", added.Concat(automatic).Select(ShortName)), string.Join(' ', ways));
    }

    /// <summary>Whether routing precedes ours when an app starts. A <c>WebApplication</c> with endpoints adds it first
    /// if the app does not call it.</summary>
    /// <inheritdoc cref="Find"/>
    public static bool IsRoutingBefore(IApplicationBuilder app, int place)
    {
        var names = NamesOf(app);
        var first = Array.IndexOf(names, Routing);
        return first < 0
            ? names.Length > 0 && app is WebApplication and IEndpointRouteBuilder { DataSources.Count: > 0 }
            : first < place;
    }

    // Hosts add this middleware by a startup filter of their own.
    private static bool AllowsAllHosts(IApplicationBuilder app)
    {
        var options = app.ApplicationServices.GetService<IOptions<HostFilteringOptions>>()?.Value;
        return options?.AllowedHosts is not { Count: > 0 } hosts || hosts.Contains("*", StringComparer.Ordinal);
    }

    // The property is set whether WebApplication or the app adds the middleware. If the middleware is not in the list,
    // WebApplication adds it. Apps with controllers always get it, so it matters only with an authentication scheme.
    private static IEnumerable<string> AddedByItself(IApplicationBuilder app, string[] names)
    {
        if (app is not WebApplication || names.Length == 0
            || app.ApplicationServices.GetService<IOptions<AuthenticationOptions>>()?.Value.Schemes.Any() is not true)
        {
            yield break;
        }
        if (app.Properties.ContainsKey("__AuthenticationMiddlewareSet")
            && !names.Contains(Authentication, StringComparer.Ordinal))
        {
            yield return Authentication;
        }
        if (app.Properties.ContainsKey("__AuthorizationMiddlewareSet")
            && !names.Contains(Authorization, StringComparer.Ordinal))
        {
            yield return Authorization;
        }
    }

    /// <summary>Returns the types of the middleware in an app's list, in order; an empty string for middleware without
    /// a type, such as a lambda.</summary>
    private static string[] NamesOf(IApplicationBuilder app)
    {
        try
        {
            return app switch
            {
                WebApplication web => [.. Components(BuilderOf(web)).Select(NameOf)],
                ApplicationBuilder builder => [.. Components(builder).Select(NameOf)],
                _ => [],
            };
        }
#pragma warning disable CA1031 // Another framework version may lack the list: a hint must not break the app's start.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    // The components of UseMiddleware return their type's name. Objects from other assemblies are never called.
    private static string NameOf(Func<RequestDelegate, RequestDelegate> component) =>
        component.Target is { } target && target.GetType().Assembly == typeof(UseMiddlewareExtensions).Assembly
            ? target.ToString() ?? ""
            : "";

    private static string ShortName(string name) =>
        name[(name.LastIndexOf('.') + 1)..].Replace("Internal", "", StringComparison.Ordinal);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_components")]
    private static extern ref List<Func<RequestDelegate, RequestDelegate>> Components(ApplicationBuilder app);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ApplicationBuilder")]
    private static extern ApplicationBuilder BuilderOf(WebApplication app);
}
