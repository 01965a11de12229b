using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Instrumentator;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the metrics endpoint to an app.</summary>
public static class InstrumentatorEndpointRouteBuilderExtensions
{
    private static readonly ConditionalWeakTable<IEndpointRouteBuilder, Dictionary<string, MappedEndpoint>> _mapped =
        [];

    /// <summary>Maps an endpoint that answers GET and HEAD with all metrics, in the format that the request accepts:
    /// Prometheus text, OpenMetrics or protobuf.</summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">The route; the default is <c>/metrics</c>.</param>
    /// <param name="options">Registry, compression, limits, and whether scrapes themselves are measured; null for those
    /// of the section of the configuration that <c>AddInstrumentator</c> got, or else the defaults.</param>
    /// <returns>A builder for conventions: authorization, hosts, tags, <c>ExcludeFromDescription</c>.</returns>
    /// <remarks>The query <c>?name[]=http_requests_total</c>, given once or more, selects only these families. A second
    /// call with the same route and equal options returns the same endpoint; other options are an error. To have two
    /// endpoints with one route, for two hosts or ports, map each of them in a group of its own. Responses are
    /// <c>no-store</c>, and output caching leaves them out. If the environment variable of
    /// <see cref="Config.EnabledBy"/> is not on, there is no endpoint. The metrics reveal the routes of an app: protect
    /// them by a policy, or by <c>RequireHost</c> and a port that is closed to the public (the host comes from the
    /// <c>Host</c> header, which the client writes).</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> or <paramref name="pattern"/> is
    /// null.</exception>
    /// <exception cref="InvalidConfigException">A value of <paramref name="options"/> is invalid; the exception lists
    /// all errors.</exception>
    /// <exception cref="InvalidOperationException">The route is mapped with other options. At start-up: a family has
    /// the name of one of <see cref="ScrapeOptions.SelfMetrics"/>.</exception>
    /// <example><code>app.MapInstrumentator().RequireAuthorization("metrics");</code></example>
    public static IEndpointConventionBuilder MapInstrumentator(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern = "/metrics",
        ScrapeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        options ??= Configured(endpoints.ServiceProvider);
        var mapped = _mapped.GetOrCreateValue(endpoints);
        lock (mapped)
        {
            // Routing ignores case and outer slashes, too.
            var route = pattern.Trim('/').ToUpperInvariant();
            if (!mapped.TryGetValue(route, out var known))
                mapped[route] = known = new(options, Map(endpoints, pattern, options));
            return known.Options == options ? known.Builder : throw MappedTwice(pattern, known.Options, options);
        }
    }

    private static InvalidOperationException MappedTwice(string pattern, ScrapeOptions first, ScrapeOptions then) =>
        new($"MapInstrumentator is called twice for {pattern}, with different options. First: {first}. Then: {then}. "
            + (ReferenceEquals(first.Registry, then.Registry) ? "" : "Their registries are different ones. ")
            + "Remove one call, give both the same options, or use another route. To have one route for two hosts or "
            + "ports, map each endpoint in a group of its own: "
            + "app.MapGroup(\"\").MapInstrumentator(…).RequireHost(…).");

    private static IEndpointConventionBuilder Map(
        IEndpointRouteBuilder endpoints, string pattern, ScrapeOptions options)
    {
        var services = endpoints.ServiceProvider;
        var state = AppInstrumentation.Of(services);
        if (!state.IsOn(state.Shown(services), services))
            return new NoEndpoint();

        // Resolved at the first scrape: UseInstrumentator may follow this call. Null if it turns out to be off.
        Registry? Find() => state.Shown(services) is var used && state.IsOn(used, services)
            ? options.Registry ?? used.Registry
            : null;
        var scrapes = new ScrapeEndpoint(options, Find);
        var check = ShownRegistryCheck.AtStart(state, services, pattern, options, Find);
        state.AtStart(scrapes.Start);

        // UseInstrumentator watches the registry of its instrumentation, but may be missing.
        state.AtStart(() =>
        {
            if (Find() is { } shown)
                RegistryLog.Watch(shown, services.GetService<ILoggerFactory>());
        });

        state.StartWith(endpoints);
        var builder = endpoints
            .MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], context =>
            {
                check.AtScrape();
                return scrapes.AnswerAsync(context);
            })
            .WithDisplayName("Prometheus metrics")
            .WithMetadata(scrapes, new OutputCacheAttribute { NoStore = true });
        return options.Measured ? builder : builder.DisableInstrumentation();
    }

    private static ScrapeOptions Configured(IServiceProvider services) => services
        .GetServices<ConfiguredSection>()
        .Aggregate(
            new ScrapeOptions(),
            (options, section) => section.Apply(options, AppInstrumentation.Of(services).Shown(services)));

    private sealed record MappedEndpoint(ScrapeOptions Options, IEndpointConventionBuilder Builder);

    private sealed class NoEndpoint : IEndpointConventionBuilder
    {
        public void Add(Action<EndpointBuilder> convention) { }
    }
}
