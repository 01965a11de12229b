using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Instrumentator;

/// <summary>Middleware of the framework that stands before ours and answers requests itself: what it answers is not measured.</summary>
/// <remarks>An app does not tell what it is made of, so its private list is read, and where there is none, nothing is said. Branches have lists of their own.</remarks>
internal static class MiddlewareOrderCheck
{
    private const string Authentication = "Microsoft.AspNetCore.Authentication.AuthenticationMiddleware";
    private const string Authorization = "Microsoft.AspNetCore.Authorization.AuthorizationMiddlewareInternal";

    // Error pages are none of them: what they answer is measured in either order. Nor is what passes each request on: sessions, WebSockets, antiforgery, compression, routing.
    private static readonly string[] _answering =
    [
        Authentication,
        Authorization,
        "Microsoft.AspNetCore.Authorization.AuthorizationMiddleware",
        "Microsoft.AspNetCore.Cors.Infrastructure.CorsMiddleware",
        "Microsoft.AspNetCore.Diagnostics.WelcomePageMiddleware",
        "Microsoft.AspNetCore.HostFiltering.HostFilteringMiddleware",
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

    /// <summary>How many stand in an app by now.</summary>
    public static int CountOf(IApplicationBuilder app) => NamesOf(app).Length;

    /// <summary>What is to be said of an app that starts: who stands before, and what to do; null when nothing is.</summary>
    /// <param name="app">The app.</param>
    /// <param name="place">How many stood there when ours came.</param>
    public static (string Middleware, string WayOut)? Find(IApplicationBuilder app, int place)
    {
        var names = NamesOf(app);
        var added = names.Take(place).Where(name => Array.IndexOf(_answering, name) >= 0).Distinct(StringComparer.Ordinal).ToArray();
        var automatic = AddedByItself(app, names).ToArray();
        if (added.Length + automatic.Length == 0)
            return null;
        string[] ways =
        [
            .. added.Length > 0 ? ["Call app.UseInstrumentator() before them."] : Array.Empty<string>(),
            .. automatic.Length > 0 ? ["WebApplication puts authentication and authorization first where nobody calls them: call app.UseAuthentication() and app.UseAuthorization() behind app.UseInstrumentator()."] : Array.Empty<string>(),
        ];
        return (string.Join(" and ", added.Concat(automatic).Select(ShortName)), string.Join(' ', ways));
    }

    // It notes in the app's properties that they are there, as who calls them does. Apps with controllers have them all the same, and mean nothing by it before a scheme is there.
    private static IEnumerable<string> AddedByItself(IApplicationBuilder app, string[] names)
    {
        if (app is not WebApplication || names.Length == 0 || app.ApplicationServices.GetService<IOptions<AuthenticationOptions>>()?.Value.Schemes.Any() is not true)
            yield break;
        if (app.Properties.ContainsKey("__AuthenticationMiddlewareSet") && !names.Contains(Authentication, StringComparer.Ordinal))
            yield return Authentication;
        if (app.Properties.ContainsKey("__AuthorizationMiddlewareSet") && !names.Contains(Authorization, StringComparer.Ordinal))
            yield return Authorization;
    }

    /// <summary>The types of the middleware in an app's list, in its order; empty text for what is no type, as a lambda.</summary>
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
#pragma warning disable CA1031 // Another version of the framework may have no such list: a hint is not worth the app's start.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    // What UseMiddleware adds names its type; anybody else's object is not asked.
    private static string NameOf(Func<RequestDelegate, RequestDelegate> component) =>
        component.Target is { } target && target.GetType().Assembly == typeof(UseMiddlewareExtensions).Assembly ? target.ToString() ?? "" : "";

    private static string ShortName(string name) => name[(name.LastIndexOf('.') + 1)..].Replace("Internal", "", StringComparison.Ordinal);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_components")]
    private static extern ref List<Func<RequestDelegate, RequestDelegate>> Components(ApplicationBuilder app);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ApplicationBuilder")]
    private static extern ApplicationBuilder BuilderOf(WebApplication app);
}
