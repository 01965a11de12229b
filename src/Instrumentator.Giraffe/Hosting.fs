namespace Instrumentator.Giraffe

open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Routing

/// What an app and its endpoints can be told, as functions to be piped.
[<AutoOpen>]
module Hosting =

    /// <summary>Measures every request that comes by, whichever framework answers it.</summary>
    /// <remarks>Call it first, so that it measures what all other middleware does. A second call changes nothing.</remarks>
    /// <example><code>let app = builder.Build() |> useInstrumentator instrumentation</code></example>
    let useInstrumentator (instrumentation: Instrumentation) (app: 'App :> IApplicationBuilder) : 'App =
        app.UseInstrumentator instrumentation |> ignore
        app

    /// <summary>Answers GET and HEAD at a path with all metrics, with options and endpoint conventions.</summary>
    /// <example><code>app |> mapInstrumentatorWith (ScrapeOptions(Gzip = true)) _.RequireHost("*:9090") "/metrics"</code></example>
    let mapInstrumentatorWith
        (options: ScrapeOptions)
        (configure: IEndpointConventionBuilder -> IEndpointConventionBuilder)
        (path: string)
        (app: 'App :> IEndpointRouteBuilder)
        : 'App =
        app.MapInstrumentator(path, options) |> configure |> ignore
        app

    /// <summary>Answers GET and HEAD at a path with all metrics, in the format that the reader asks for: Prometheus's text, or OpenMetrics.</summary>
    /// <remarks>The endpoint is not measured itself. Giraffe's own router has <c>writeMetrics</c> for the same.</remarks>
    /// <example><code>builder.Build() |> useInstrumentator instrumentation |> mapInstrumentator "/metrics"</code></example>
    let mapInstrumentator (path: string) (app: 'App :> IEndpointRouteBuilder) : 'App =
        mapInstrumentatorWith (ScrapeOptions()) id path app

    /// <summary>Requests to an endpoint leave no trace.</summary>
    /// <example><code>route "/health" health |> configureEndpoint disableInstrumentation</code></example>
    let disableInstrumentation (endpoint: IEndpointConventionBuilder) = endpoint.DisableInstrumentation()

    /// <summary>Requests to an endpoint have this handler label, and not the route template.</summary>
    /// <example><code>route "/{**path}" spa |> configureEndpoint (withHandlerLabel "spa")</code></example>
    let withHandlerLabel (handler: string) (endpoint: IEndpointConventionBuilder) = endpoint.WithHandlerLabel handler
