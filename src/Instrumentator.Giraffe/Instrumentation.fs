namespace Instrumentator.Giraffe

open System
open Instrumentator
open Microsoft.Extensions.Configuration

/// <summary>Functions that build an instrumentation: one value of rules, metric functions and registry that defines
/// what is measured, how, and where it is kept.</summary>
/// <example><code>
/// Instrumentation.defaults
/// |> Instrumentation.configure (Config.excludedHandlers [ "^/health$" ])
/// |> Instrumentation.andAlso (Metric.combinedSize ())
/// </code></example>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Instrumentation =

    /// <summary>The default rules and the default metrics, in the default registry.</summary>
    /// <example><code>webApp |> instrument Instrumentation.defaults</code></example>
    let defaults = Instrumentation.Default

    /// <summary>Returns the instrumentation with other rules.</summary>
    /// <example><code>
    /// Instrumentation.defaults |> Instrumentation.configure (Config.groupStatusCodes false)
    /// </code></example>
    let configure (change: Config -> Config) (instrumentation: Instrumentation) =
        instrumentation.With(Func<Config, Config> change)

    /// <summary>Returns the instrumentation with another registry: that of all built-in metrics whose options name no
    /// other, of the in-progress gauge, and of the metrics endpoint.</summary>
    /// <example><code>Instrumentation.defaults |> Instrumentation.withRegistry (Registry())</code></example>
    let withRegistry (registry: Registry) (instrumentation: Instrumentation) = instrumentation.WithRegistry registry

    /// <summary>Returns the instrumentation with other options of the default metrics. They have no effect once
    /// <c>ofMetrics</c>, <c>withMetrics</c> or <c>add</c> has replaced the default metrics.</summary>
    /// <example><code>
    /// Instrumentation.defaults
    /// |> Instrumentation.withDefaultMetrics { DefaultMetrics.defaults with Namespace = Some "shop" }
    /// </code></example>
    let withDefaultMetrics (metrics: DefaultMetrics) (instrumentation: Instrumentation) =
        instrumentation.WithDefaultMetrics(DefaultMetrics.toOptions metrics)

    /// <summary>Returns the instrumentation with a limit of the series of one metric, in place of the registry's
    /// limit.</summary>
    /// <example><code>
    /// Instrumentation.defaults |> Instrumentation.limitSeries "http_requests_total" 2_000
    /// </code></example>
    let limitSeries (metric: string) (limit: int) (instrumentation: Instrumentation) =
        instrumentation.LimitSeries(metric, limit)

    /// <summary>Returns the instrumentation with the rules, default metrics and limits of a section of the
    /// configuration, which is read once.</summary>
    /// <remarks>Unknown keys and invalid values are an <c>InvalidConfigException</c>, which lists all of
    /// them.</remarks>
    /// <example><code>
    /// Instrumentation.defaults
    /// |> Instrumentation.withConfiguration (builder.Configuration.GetSection "Instrumentator")
    /// </code></example>
    let withConfiguration (section: IConfigurationSection) (instrumentation: Instrumentation) =
        instrumentation.WithConfiguration section

    /// <summary>Returns the instrumentation with one more metric function. The first one replaces the default metrics,
    /// as in prometheus-fastapi-instrumentator; to keep them, use <c>andAlso</c>.</summary>
    /// <example><code>Instrumentation.defaults |> Instrumentation.add (Metric.requests ())</code></example>
    let add (metric: Metric) (instrumentation: Instrumentation) = instrumentation.Add metric

    /// <summary>Returns the instrumentation with one more metric function beside the current ones: the default metrics,
    /// unless other functions have replaced them.</summary>
    /// <remarks>A built-in metric with the name of a default metric needs another name or namespace, unless it is
    /// equal: a name with two definitions is an error at start-up.</remarks>
    /// <example><code>Instrumentation.defaults |> Instrumentation.andAlso (Metric.combinedSize ())</code></example>
    let andAlso (metric: Metric) (instrumentation: Instrumentation) = instrumentation.AndAlso metric

    /// <summary>Returns the instrumentation with one more metric function that runs after the response is sent. The
    /// default metrics stay.</summary>
    /// <remarks>The server reads the next request of an HTTP/1.1 connection only when the function is done. After
    /// <c>Config.asyncTimeout</c>, the function is no longer awaited, and must not use the
    /// <c>HttpContext</c>.</remarks>
    /// <example><code>
    /// Instrumentation.defaults
    /// |> Instrumentation.addAsync (Metric.createTask (fun info -> task { do! audit.WriteAsync info.Handler }))
    /// </code></example>
    let addAsync (metric: AsyncMetric) (instrumentation: Instrumentation) = instrumentation.AddAsync metric

    /// <summary>Returns the instrumentation with these metric functions in place of all others, the default metrics
    /// included. Asynchronous functions stay.</summary>
    /// <example><code>
    /// Instrumentation.defaults |> Instrumentation.withMetrics (Metric.latency [ 0.1; 1.0 ])
    /// </code></example>
    let withMetrics (metric: Metric) (instrumentation: Instrumentation) = instrumentation.WithMetrics metric

    /// <summary>Returns the default instrumentation with these metric functions in place of the default
    /// metrics.</summary>
    /// <example><code>webApp |> instrument (Instrumentation.ofMetrics (Metric.latency [ 0.1; 1.0 ]))</code></example>
    let ofMetrics (metric: Metric) = defaults |> withMetrics metric

    /// <summary>Returns an instrumentation with the metrics of prometheus-net's <c>UseHttpMetrics</c> in a registry,
    /// with its names, labels and buckets.</summary>
    /// <remarks>The labels <c>controller</c> and <c>action</c> are present, and empty except for MVC.</remarks>
    /// <example><code>Instrumentation.prometheusNet Registry.Default</code></example>
    let prometheusNet (registry: Registry) = Presets.PrometheusNet registry

    /// <summary>Returns an instrumentation with the metrics of ASP.NET Core's own meter in a registry, with the names,
    /// labels and buckets that OpenTelemetry's Prometheus exporter gives them.</summary>
    /// <example><code>Instrumentation.openTelemetry Registry.Default</code></example>
    let openTelemetry (registry: Registry) = Presets.OpenTelemetry registry

/// <summary>Functions and patterns that read a request in metric functions. A missing value is None.</summary>
/// <example><code>Metric.create (Info.requestHeader "User-Agent" >> Option.iter (printfn "%s"))</code></example>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Info =

    /// <summary>Returns a request header, with its values joined by commas.</summary>
    /// <example><code>info |> Info.requestHeader "Accept-Language" |> Option.defaultValue "none"</code></example>
    let requestHeader (name: string) (info: Info) =
        info.Request.Header name |> Option.ofObj

    /// <summary>Returns a response header, with its values joined by commas.</summary>
    /// <example><code>info |> Info.responseHeader "Content-Type" |> Option.defaultValue "none"</code></example>
    let responseHeader (name: string) (info: Info) =
        info.Response.Header name |> Option.ofObj

    /// <summary>Returns the exception that left the handler, if any; None for one that an error handler inside
    /// answered.</summary>
    /// <example><code>info |> Info.exn |> Option.iter (fun error -> printfn "%s" error.Message)</code></example>
    let exn (info: Info) = info.Exception |> Option.ofObj

    /// <summary>Classifies a request by its status code: success or redirect, client error, server error.</summary>
    /// <example><code>
    /// match info with
    /// | Info.Succeeded -> ()
    /// | Info.ClientError status -> printfn "client: %d" status
    /// | Info.ServerError status -> printfn "server: %d" status
    /// </code></example>
    let (|Succeeded|ClientError|ServerError|) (info: Info) =
        if info.StatusCode < 400 then Succeeded
        elif info.StatusCode < 500 then ClientError info.StatusCode
        else ServerError info.StatusCode
