namespace Instrumentator.Giraffe

open System
open System.Threading.Tasks
open Instrumentator

/// A metric function, which runs for each finished request.
type Metric = Func<Info, Unit>

/// A metric function that runs after the response is sent.
type AsyncMetric = Func<Info, ValueTask>

/// <summary>Metric functions, and functions that compose them.</summary>
/// <remarks>
/// An invalid option raises an exception at once. The built-in metric functions register their families when an
/// instrumentation that contains them starts: in the registry of their options, or else in that of the instrumentation.
/// A name that is taken by another definition raises an exception then.
/// </remarks>
[<RequireQualifiedAccess>]
module Metric =

    /// Does nothing: the identity of andThen.
    let none: Metric = Metrics.None

    /// Returns the five default metrics.
    let defaults () : Metric = Metrics.Default()

    /// <summary>Returns the five default metrics, with options.</summary>
    /// <example><code>Metric.defaultsWith { DefaultMetrics.defaults with Namespace = Some "shop" }</code></example>
    let defaultsWith (options: DefaultMetrics) : Metric =
        Metrics.Default(DefaultMetrics.toOptions options)

    /// Counts requests, with options.
    let requestsWith (options: Options) : Metric =
        Metrics.Requests(Options.toMetric options)

    /// Counts requests: `http_requests_total`.
    let requests () = requestsWith Options.defaults

    /// Observes request durations, with options, in buckets with these upper bounds in seconds.
    let latencyWith (options: Options) (buckets: float list) : Metric =
        Metrics.Latency(Options.toLatency buckets options)

    /// <summary>Observes request durations, <c>http_request_duration_seconds</c>, in buckets with these upper bounds in
    /// seconds.</summary>
    /// <example><code>Metric.latency [ 0.1; 0.5; 1.0 ]</code></example>
    let latency (buckets: float list) = latencyWith Options.defaults buckets

    /// Sums the sizes of request bodies, with options.
    let requestSizeWith (options: Options) : Metric =
        Metrics.RequestSize(Options.toMetric options)

    /// Sums the sizes of request bodies in bytes: `http_request_size_bytes`.
    let requestSize () = requestSizeWith Options.defaults

    /// Sums the sizes of response bodies, with options.
    let responseSizeWith (options: Options) : Metric =
        Metrics.ResponseSize(Options.toMetric options)

    /// Sums the sizes of response bodies in bytes: `http_response_size_bytes`.
    let responseSize () = responseSizeWith Options.defaults

    /// Sums the sizes of both bodies, with options.
    let combinedSizeWith (options: Options) : Metric =
        Metrics.CombinedSize(Options.toMetric options)

    /// Sums the sizes of both bodies in bytes: `http_combined_size_bytes`.
    let combinedSize () = combinedSizeWith Options.defaults

    /// <summary>Creates a custom metric function with a name for logs and self-metrics. Its exceptions are counted and
    /// logged, and never reach the request.</summary>
    /// <example><code>
    /// Metric.createNamed "by-tenant" (fun info -> tenants.With(tenantOf info).Increment())
    /// </code></example>
    let createNamed (name: string) (record: Info -> unit) : Metric = Metrics.From(Action<Info> record, name)

    /// <summary>Creates a custom metric function, with the name of the value it belongs to.</summary>
    /// <example><code>Metric.create (fun info -> printfn "%s" info.Handler)</code></example>
    let create (record: Info -> unit) : Metric =
        createNamed (FunctionName.Of(record.GetType())) record

    /// Creates a custom metric function that runs after the response is sent.
    let createTask (record: Info -> Task<unit>) : AsyncMetric =
        AsyncMetric(fun info -> ValueTask(record info :> Task))

    /// <summary>Runs <c>first</c> and then <c>second</c>.</summary>
    /// <example><code>Metric.latency [ 0.1; 1.0 ] |> Metric.andThen (Metric.requestSize ())</code></example>
    let andThen (second: Metric) (first: Metric) : Metric = MetricFunctions.Then(first, second)

    /// <summary>Runs a metric function only for requests that meet the condition.</summary>
    /// <example><code>Metric.requests () |> Metric.when' (fun info -> info.Method = "GET")</code></example>
    let when' (condition: Info -> bool) (metric: Metric) : Metric =
        MetricFunctions.When(metric, Func<Info, bool> condition)

    /// Runs all metric functions, in order.
    let all (metrics: Metric list) : Metric =
        metrics |> List.fold (fun first second -> andThen second first) none
