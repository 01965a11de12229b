namespace Instrumentator.Giraffe

open System
open Instrumentator

/// <summary>What is measured, how, and where it is kept: rules, metric functions and registry in one value.</summary>
/// <example><code>
/// Instrumentation.defaults
/// |> Instrumentation.configure (Config.excludedHandlers [ "^/health$" ])
/// |> Instrumentation.add (Metric.latency [ 0.1; 0.5; 1.0 ])
/// </code></example>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Instrumentation =

    /// The default rules and the default metrics in the default registry.
    let defaults = Instrumentation.Default

    /// The same with other rules.
    let configure (change: Config -> Config) (instrumentation: Instrumentation) =
        instrumentation.With(Func<Config, Config> change)

    /// The same with its default metrics and its in-progress gauge in another registry, which is what the metrics endpoint shows.
    let withRegistry (registry: Registry) (instrumentation: Instrumentation) = instrumentation.WithRegistry registry

    /// The same with other default metrics. Ignored once a metric function was added.
    let withDefaultMetrics (metrics: DefaultMetrics) (instrumentation: Instrumentation) =
        instrumentation.WithDefaultMetrics(DefaultMetrics.toOptions metrics)

    /// The same with one metric function more. The first one takes the place of the default metrics.
    let add (metric: Metric) (instrumentation: Instrumentation) = instrumentation.Add metric

    /// The same with one metric function more that runs once the response was sent.
    let addTask (metric: AsyncMetric) (instrumentation: Instrumentation) = instrumentation.AddAsync metric

    /// The default rules and these metrics in place of the default ones.
    let withMetrics (metric: Metric) = defaults |> add metric

    /// <summary>The metrics of prometheus-net's <c>UseHttpMetrics</c> in a registry, with its names, labels and buckets.</summary>
    /// <remarks>The labels <c>controller</c> and <c>action</c> are there, and empty but for MVC.</remarks>
    /// <example><code>Instrumentation.prometheusNet Registry.Default</code></example>
    let prometheusNet (registry: Registry) = Presets.PrometheusNet registry

/// <summary>What metric functions read of a request, as options and patterns.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Info =

    /// <summary>A request header, its values joined by commas.</summary>
    /// <example><code>info |> Info.requestHeader "Accept-Language" |> Option.defaultValue "none"</code></example>
    let requestHeader (name: string) (info: Info) =
        info.Request.Header name |> Option.ofObj

    /// A response header, its values joined by commas.
    let responseHeader (name: string) (info: Info) =
        info.Response.Header name |> Option.ofObj

    /// The exception that left the handler, if one did.
    let exn (info: Info) = info.Exception |> Option.ofObj

/// Patterns for metric functions.
[<AutoOpen>]
module InfoPatterns =

    /// <summary>A request by what became of it: answered well or redirected, the client's fault, the server's fault.</summary>
    /// <example><code>
    /// match info with
    /// | Succeeded -> ()
    /// | ClientError status -> printfn "client: %d" status
    /// | ServerError status -> printfn "server: %d" status
    /// </code></example>
    let (|Succeeded|ClientError|ServerError|) (info: Info) =
        if info.StatusCode < 400 then Succeeded
        elif info.StatusCode < 500 then ClientError info.StatusCode
        else ServerError info.StatusCode
