namespace Instrumentator.Giraffe

open System
open System.Threading.Tasks
open Instrumentator

/// A metric function, which runs for each finished request. `Metric.create` makes one of an F# function. It is the
/// delegate type of the core, so that C# and F# share their metrics.
type Metric = Func<Info, Instrumentator.Unit>

/// A metric function that runs after the response is sent.
type AsyncMetric = Func<Info, ValueTask>

/// <summary>Metric functions, and functions that compose them.</summary>
/// <remarks>
/// An invalid option raises an exception at once. The built-in metric functions register their families when an
/// instrumentation that contains them starts: in the registry of their options, or else in that of the instrumentation.
/// A name that is taken by another definition raises an exception then.
/// </remarks>
/// <example><code>Metric.latency [ 0.1; 0.5; 1.0 ] |> Metric.andThen (Metric.requestSize ())</code></example>
[<RequireQualifiedAccess>]
module Metric =

    /// <summary>Does nothing: the identity of <c>andThen</c>.</summary>
    /// <example><code>Metric.none |> Metric.andThen (Metric.requests ())</code></example>
    let none: Metric = Metrics.None

    /// <summary>Returns the five default metrics.</summary>
    /// <example><code>Metric.defaults () |> Metric.andThen (Metric.combinedSize ())</code></example>
    let defaults () : Metric = Metrics.Default()

    /// <summary>Returns the five default metrics, with options.</summary>
    /// <example><code>Metric.defaultsWith { DefaultMetrics.defaults with Namespace = Some "shop" }</code></example>
    let defaultsWith (options: DefaultMetrics) : Metric =
        Metrics.Default(DefaultMetrics.toOptions options)

    /// <summary>Counts requests, with options.</summary>
    /// <example><code>Metric.requestsWith { Options.defaults with Namespace = Some "shop" }</code></example>
    let requestsWith (options: Options) : Metric =
        Metrics.Requests(Options.toMetric options)

    /// <summary>Counts requests: <c>http_requests_total</c>.</summary>
    /// <example><code>Metric.requests ()</code></example>
    let requests () = requestsWith Options.defaults

    /// <summary>Observes request durations, with options, in buckets with these upper bounds in seconds.</summary>
    /// <example><code>[ 0.1; 1.0 ] |> Metric.latencyWith { Options.defaults with Status = false }</code></example>
    let latencyWith (options: Options) (buckets: float list) : Metric =
        Metrics.Latency(Options.toLatency buckets options)

    /// <summary>Observes request durations, <c>http_request_duration_seconds</c>, in buckets with these upper bounds in
    /// seconds. The list must not be empty.</summary>
    /// <example><code>Metric.latency [ 0.1; 0.5; 1.0 ]</code></example>
    let latency (buckets: float list) = latencyWith Options.defaults buckets

    /// <summary>Sums the sizes of request bodies, with options.</summary>
    /// <example><code>Metric.requestSizeWith { Options.defaults with Method = false }</code></example>
    let requestSizeWith (options: Options) : Metric =
        Metrics.RequestSize(Options.toMetric options)

    /// <summary>Sums the sizes of request bodies in bytes: <c>http_request_size_bytes</c>.</summary>
    /// <example><code>Metric.requestSize ()</code></example>
    let requestSize () = requestSizeWith Options.defaults

    /// <summary>Sums the sizes of response bodies, with options.</summary>
    /// <example><code>Metric.responseSizeWith { Options.defaults with Method = false }</code></example>
    let responseSizeWith (options: Options) : Metric =
        Metrics.ResponseSize(Options.toMetric options)

    /// <summary>Sums the sizes of response bodies in bytes: <c>http_response_size_bytes</c>.</summary>
    /// <example><code>Metric.responseSize ()</code></example>
    let responseSize () = responseSizeWith Options.defaults

    /// <summary>Sums the sizes of both bodies, with options.</summary>
    /// <example><code>Metric.combinedSizeWith { Options.defaults with Handler = false }</code></example>
    let combinedSizeWith (options: Options) : Metric =
        Metrics.CombinedSize(Options.toMetric options)

    /// <summary>Sums the sizes of both bodies in bytes: <c>http_combined_size_bytes</c>.</summary>
    /// <example><code>Metric.combinedSize ()</code></example>
    let combinedSize () = combinedSizeWith Options.defaults

    /// <summary>Creates a custom metric function with a name for the log and for the count of its errors. Its
    /// exceptions are counted and logged, and never reach the request.</summary>
    /// <example><code>
    /// Metric.createNamed "by-tenant" (fun info -> tenants.With(tenantOf info).Increment())
    /// </code></example>
    let createNamed (name: string) (record: Info -> unit) : Metric = Metrics.From(Action<Info> record, name)

    /// <summary>Creates a custom metric function, with the name of the enclosing <c>let</c>, such as
    /// <c>App.metrics</c>.</summary>
    /// <remarks>The name is in the log, and in the label <c>function</c> of
    /// <c>instrumentator_metric_function_errors_total</c>. For a function composed with <c>>></c>, use
    /// <c>createNamed</c>.</remarks>
    /// <example><code>Metric.create (fun info -> printfn "%s" info.Handler)</code></example>
    let create (record: Info -> unit) : Metric =
        createNamed (FunctionName.Of(record.GetType())) record

    /// <summary>Creates a custom metric function that runs as a task after the response is sent, with the name of the
    /// enclosing <c>let</c>.</summary>
    /// <example><code>Metric.createTask (fun info -> task { do! audit.WriteAsync info.Handler })</code></example>
    let createTask (record: Info -> Task<unit>) : AsyncMetric =
        Metrics.FromAsync((fun info -> ValueTask(record info :> Task)), FunctionName.Of(record.GetType()))

    /// <summary>Creates a custom metric function that runs as an <c>Async</c> after the response is sent, with the name
    /// of the enclosing <c>let</c>.</summary>
    /// <example><code>Metric.createAsync (fun info -> async { do! Audit.write info.Handler })</code></example>
    let createAsync (record: Info -> Async<unit>) : AsyncMetric =
        let start info =
            Async.StartImmediateAsTask(record info) :> Task

        Metrics.FromAsync((fun info -> ValueTask(start info)), FunctionName.Of(record.GetType()))

    /// <summary>Runs <c>first</c> and then <c>second</c>.</summary>
    /// <example><code>Metric.latency [ 0.1; 1.0 ] |> Metric.andThen (Metric.requestSize ())</code></example>
    let andThen (second: Metric) (first: Metric) : Metric = MetricFunctions.Then(first, second)

    /// <summary>Runs a metric function only for requests that meet the condition.</summary>
    /// <remarks>For <c>n</c> composed functions, the condition is called <c>n</c> times per request. So it should be
    /// cheap, and must return the same value for the same request.</remarks>
    /// <example><code>Metric.requests () |> Metric.filter (fun info -> info.Method = "GET")</code></example>
    let filter (condition: Info -> bool) (metric: Metric) : Metric =
        MetricFunctions.When(metric, Func<Info, bool> condition)

    /// <summary>Runs all metric functions, in order.</summary>
    /// <example><code>Metric.all [ Metric.requests (); Metric.latency [ 0.1; 1.0 ] ]</code></example>
    let all (metrics: Metric list) : Metric =
        metrics |> List.fold (fun first second -> andThen second first) none
