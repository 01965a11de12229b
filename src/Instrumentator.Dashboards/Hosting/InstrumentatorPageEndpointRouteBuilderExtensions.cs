using System.Diagnostics.CodeAnalysis;
using Instrumentator;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the live page to an app.</summary>
public static class InstrumentatorPageEndpointRouteBuilderExtensions
{
    /// <summary>Maps a page that shows what the app does now: requests, errors, latency, handlers and metrics of its
    /// own in the last 1, 5 and 15 minutes, without Prometheus and without Grafana.</summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">The route of the page; the default is <c>/metrics-live</c>. Its data have the route
    /// <c>data</c> below it.</param>
    /// <param name="options">The title and the bounds of the history; null for the defaults.</param>
    /// <returns>A builder for conventions, which apply to the page and its data.</returns>
    /// <remarks>
    /// <para>Outside Development, the app does not start unless something decides who may see the page: authorization,
    /// <c>RequireHost</c>, <c>AllowAnonymous</c>, or a fallback policy of the app. A path below <c>/metrics</c> could
    /// slip past a proxy that protects exactly that path.</para>
    /// <para>The registry is read once a second from the start of the app on. Callbacks and collectors run every five
    /// seconds, and only while somebody looks. The page and its data are never measured and never cached.</para>
    /// <para>Call it once for each route, in any order with <c>UseInstrumentator</c>. If the metrics are switched off,
    /// the page says so.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> or <paramref name="pattern"/> is
    /// null.</exception>
    /// <exception cref="InvalidConfigException">A value of <paramref name="options"/> is invalid; the exception lists
    /// all errors.</exception>
    /// <exception cref="InvalidOperationException">At start-up, outside Development: nothing decides who may see the
    /// page.</exception>
    /// <example><code>app.MapInstrumentatorPage().RequireAuthorization("metrics");</code></example>
    public static IEndpointConventionBuilder MapInstrumentatorPage(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern = "/metrics-live",
        PageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        options ??= new();
        var services = endpoints.ServiceProvider;
        var state = AppInstrumentation.Of(services);
        var access = new PageAccess(services, pattern);
        var page = new LivePage(
            options,
            () => (options.Instrumentation ?? state.Shown(services)) is var shown && state.IsOn(shown, services)
                ? shown
                : null,
            services.GetService<IHostEnvironment>(),
            AppClock.Of(services),
            AppLogger.Of(services));
        state.AtStart(() => access.Check(page));
        state.AtStart(() => page.Start(services));
        state.StartWith(endpoints);
        return Map(endpoints, pattern, page, access);
    }

    private static RouteGroupBuilder Map(
        IEndpointRouteBuilder endpoints, string pattern, LivePage page, PageAccess access)
    {
        var group = endpoints.MapGroup("");
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        group.MapMethods(pattern, methods, context => AnswerAsync(context, access, page, LivePage.AnswerPageAsync))
            .WithDisplayName("Live metrics page");
        group
            .MapMethods(
                $"{pattern.TrimEnd('/')}/data",
                methods,
                context => AnswerAsync(context, access, page, page.AnswerDataAsync))
            .WithDisplayName("Live metrics data");
        group.WithMetadata(page, new OutputCacheAttribute { NoStore = true }).DisableInstrumentation();
        return group;
    }

    private static Task AnswerAsync(
        HttpContext context, PageAccess access, LivePage page, Func<HttpContext, Task> answer)
    {
        if (!access.Allows(context))
            return TypedResults.NotFound().ExecuteAsync(context);

        // Does nothing if the history began with the app, which UseInstrumentator or a WebApplication reports.
        page.Start(context.RequestServices);
        return answer(context);
    }
}
