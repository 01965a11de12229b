namespace Instrumentator.Giraffe

open System
open Instrumentator

/// <summary>Functions that build an instrumentation: one value of rules, metric functions and registry that defines
/// what is measured, how, and where it is kept.</summary>
/// <example><code>
/// Instrumentation.defaults
/// |> Instrumentation.configure (Config.excludedHandlers [ "^/health$" ])
/// |> Instrumentation.add (Metric.latency [ 0.1; 0.5; 1.0 ])
/// </code></example>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Instrumentation =

    /// The default rules and the default metrics, in the default registry.
    let defaults = Instrumentation.Default

    /// Returns the instrumentation with other rules.
    let configure (change: Config -> Config) (instrumentation: Instrumentation) =
        instrumentation.With(Func<Config, Config> change)

    /// Returns the instrumentation with another registry: that of all built-in metrics whose options name no other, of
    /// the in-progress gauge, and of the metrics endpoint.
    let withRegistry (registry: Registry) (instrumentation: Instrumentation) = instrumentation.WithRegistry registry

    /// Returns the instrumentation with other default metrics, which are ignored once a metric function is added.
    let withDefaultMetrics (metrics: DefaultMetrics) (instrumentation: Instrumentation) =
        instrumentation.WithDefaultMetrics(DefaultMetrics.toOptions metrics)

    /// Returns the instrumentation with one more metric function. The first one replaces the default metrics.
    let add (metric: Metric) (instrumentation: Instrumentation) = instrumentation.Add metric

    /// Returns the instrumentation with one more metric function that runs after the response is sent.
    let addTask (metric: AsyncMetric) (instrumentation: Instrumentation) = instrumentation.AddAsync metric

    /// Returns the default instrumentation with these metrics in place of the default ones.
    let withMetrics (metric: Metric) = defaults |> add metric

    /// <summary>Returns an instrumentation with the metrics of prometheus-net's <c>UseHttpMetrics</c> in a registry,
    /// with its names, labels and buckets.</summary>
    /// <remarks>The labels <c>controller</c> and <c>action</c> are present, and empty except for MVC.</remarks>
    /// <example><code>Instrumentation.prometheusNet Registry.Default</code></example>
    let prometheusNet (registry: Registry) = Presets.PrometheusNet registry

/// <summary>Functions that read a request in metric functions. A missing value is None.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Info =

    /// <summary>Returns a request header, with its values joined by commas.</summary>
    /// <example><code>info |> Info.requestHeader "Accept-Language" |> Option.defaultValue "none"</code></example>
    let requestHeader (name: string) (info: Info) =
        info.Request.Header name |> Option.ofObj

    /// Returns a response header, with its values joined by commas.
    let responseHeader (name: string) (info: Info) =
        info.Response.Header name |> Option.ofObj

    /// Returns the exception that left the handler, if any.
    let exn (info: Info) = info.Exception |> Option.ofObj

/// Active patterns for metric functions.
[<AutoOpen>]
module InfoPatterns =

    /// <summary>Classifies a request by its status code: success or redirect, client error, server error.</summary>
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
