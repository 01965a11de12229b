namespace Instrumentator.Giraffe

open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Routing
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.DependencyInjection

/// Functions for piping that set up an app and its endpoints.
[<AutoOpen>]
module Hosting =

    /// <summary>Adds the rules, default metrics, limits and scrape options of a section of the configuration to the
    /// services.</summary>
    /// <remarks><c>app.UseInstrumentator()</c>, without an instrumentation, measures by them, and its rules follow the
    /// configuration when it changes. Unknown keys and invalid values are an <c>InvalidConfigException</c> at start-up,
    /// which lists all of them. <c>Instrumentation.withConfiguration</c> reads a section once, for <c>instrument</c>
    /// and <c>useInstrumentator</c>.</remarks>
    /// <example><code>
    /// builder.Services |> addInstrumentatorFrom (builder.Configuration.GetSection "Instrumentator")
    /// </code></example>
    let addInstrumentatorFrom (section: IConfigurationSection) (services: IServiceCollection) : IServiceCollection =
        services.AddInstrumentator section

    /// <summary>Measures every request that reaches the middleware, whichever framework answers it.</summary>
    /// <remarks>Call it first, so that it measures all other middleware; where the order is not yours, as in Saturn's
    /// <c>app_config</c>, use <c>AddInstrumentatorStartupFilter</c>. A second call with the same instrumentation
    /// records nothing more; another instrumentation records each request as well.</remarks>
    /// <example><code>let app = builder.Build() |> useInstrumentator instrumentation</code></example>
    let useInstrumentator (instrumentation: Instrumentation) (app: 'App :> IApplicationBuilder) : 'App =
        app.UseInstrumentator instrumentation |> ignore
        app

    /// <summary>Maps GET and HEAD at a path to an endpoint that writes all metrics, with options and endpoint
    /// conventions.</summary>
    /// <example><code>
    /// app |> mapInstrumentatorWith (ScrapeOptions(Gzip = true)) _.RequireHost("*:9090") "/metrics"
    /// </code></example>
    let mapInstrumentatorWith
        (options: ScrapeOptions)
        (configure: IEndpointConventionBuilder -> IEndpointConventionBuilder)
        (path: string)
        (app: 'App :> IEndpointRouteBuilder)
        : 'App =
        app.MapInstrumentator(path, options) |> configure |> ignore
        app

    /// <summary>Maps GET and HEAD at a path to an endpoint that writes all metrics, in the format that the scraper
    /// requests: Prometheus text or OpenMetrics.</summary>
    /// <remarks>It writes the registry of the instrumentation of <c>useInstrumentator</c>, with the options that
    /// <c>addInstrumentatorFrom</c> reads from the configuration, if any. Unless they say so, the endpoint is not
    /// measured. With Giraffe's own router, use <c>writeMetrics</c> instead.</remarks>
    /// <example><code>
    /// builder.Build() |> useInstrumentator instrumentation |> mapInstrumentator "/metrics"
    /// </code></example>
    let mapInstrumentator (path: string) (app: 'App :> IEndpointRouteBuilder) : 'App =
        app.MapInstrumentator path |> ignore
        app

    /// <summary>Maps the live page at a path, with options and endpoint conventions.</summary>
    /// <example><code>
    /// app |> mapInstrumentatorPageWith (PageOptions(Title = "shop")) _.RequireAuthorization("metrics") "/metrics-live"
    /// </code></example>
    let mapInstrumentatorPageWith
        (options: PageOptions)
        (configure: IEndpointConventionBuilder -> IEndpointConventionBuilder)
        (path: string)
        (app: 'App :> IEndpointRouteBuilder)
        : 'App =
        app.MapInstrumentatorPage(path, options) |> configure |> ignore
        app

    /// <summary>Maps a page that shows in a browser what the app does now, for endpoint routing.</summary>
    /// <remarks>It shows the registry of the instrumentation of <c>useInstrumentator</c>. In Development, everybody
    /// sees it. Elsewhere, the app does not start unless it has a fallback policy for authorization, or
    /// <c>mapInstrumentatorPageWith</c> adds a convention that decides who may see the page. With Giraffe's own router,
    /// use <c>writePage</c> instead.</remarks>
    /// <example><code>
    /// builder.Build() |> useInstrumentator instrumentation |> mapInstrumentatorPage "/metrics-live"
    /// </code></example>
    let mapInstrumentatorPage (path: string) (app: 'App :> IEndpointRouteBuilder) : 'App =
        app.MapInstrumentatorPage path |> ignore
        app

    /// <summary>Turns off the recording of requests to an endpoint.</summary>
    /// <example><code>route "/health" health |> configureEndpoint disableInstrumentation</code></example>
    let disableInstrumentation (endpoint: IEndpointConventionBuilder) = endpoint.DisableInstrumentation()

    /// <summary>Sets the handler label of requests to an endpoint, in place of the route template.</summary>
    /// <example><code>route "/{**path}" spa |> configureEndpoint (withHandlerLabel "spa")</code></example>
    let withHandlerLabel (handler: string) (endpoint: IEndpointConventionBuilder) = endpoint.WithHandlerLabel handler

    /// <summary>Marks requests to an endpoint as long-lived: they stay open as long as their clients like, as with long
    /// polling, and no latency metric observes them.</summary>
    /// <remarks>WebSockets, server-sent events, streaming gRPC calls and SignalR are detected without it.</remarks>
    /// <example><code>route "/changes" waitForChanges |> configureEndpoint asLongLived</code></example>
    let asLongLived (endpoint: IEndpointConventionBuilder) = endpoint.AsLongLived()
