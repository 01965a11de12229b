namespace Instrumentator.Giraffe

open System
open Instrumentator

/// F# lists and tuples where the core has types of its own.
[<AutoOpen>]
module Extensions =

    /// <summary>Creates labels for the helpers of <c>Instrumentator.Testing</c>.</summary>
    /// <example><code>
    /// registry.Value("http_requests_total", labels [ "handler", "/ping"; "method", "GET" ])
    /// </code></example>
    let labels (pairs: (string * string) list) : Label array = [| for name, value in pairs -> Label(name, value) |]

    let private labelsOf = labels

    let private exemplar pairs = ValueList.From(labels pairs)

    type Instrumentator.Registry with

        /// <summary>Registers a histogram without labels, with these upper bounds.</summary>
        /// <example><code>registry.Histogram("job_seconds", "Time a job took.", [ 0.1; 1.0; 10.0 ])</code></example>
        member registry.Histogram(name: string, help: string, buckets: float list) : Histogram =
            registry.Histogram(name, help, ValueList.From buckets)

        /// <summary>Registers a family of histograms with these upper bounds.</summary>
        /// <example><code>
        /// registry.Histogram("job_seconds", "Time a job took.", [ 0.1; 1.0; 10.0 ], "job")
        /// </code></example>
        member registry.Histogram
            (name: string, help: string, buckets: float list, [<ParamArray>] labelNames: string array)
            : Family<Histogram> =
            registry.Histogram(name, help, ValueList.From buckets, labelNames)

        /// <summary>Registers a gauge whose value a function returns at each scrape. Disposing the result removes
        /// it.</summary>
        /// <example><code>
        /// registry.Gauge("queue_length", "Jobs that wait.", (fun () -> float queue.Count), [ "queue", "emails" ])
        /// </code></example>
        member registry.Gauge
            (name: string, help: string, read: unit -> float, labels: (string * string) list)
            : IDisposable =
            registry.Gauge(name, help, Func<float> read, ValueList.From(labelsOf labels))

        /// <summary>Registers a counter whose total a function returns at each scrape. Disposing the result removes
        /// it.</summary>
        /// <example><code>
        /// registry.Counter("cache_hits_total", "Hits of the cache.", (fun () -> float cache.Hits), [])
        /// </code></example>
        member registry.Counter
            (name: string, help: string, read: unit -> float, labels: (string * string) list)
            : IDisposable =
            registry.Counter(name, help, Func<float> read, ValueList.From(labelsOf labels))

    type Instrumentator.Family<'Cell when 'Cell :> Instrumentator.Cell> with

        /// <summary>Returns the cell of the series with these labels, in any order.</summary>
        /// <example><code>orders.WithLabels [ "plan", "pro"; "country", "DE" ]</code></example>
        member family.WithLabels(pairs: (string * string) list) : 'Cell =
            family.WithLabels(ReadOnlySpan(labelsOf pairs))

        /// <summary>Removes the series with these label values, in the order of the names. Returns whether there was
        /// one.</summary>
        /// <example><code>jobs.Remove [ tenant ]</code></example>
        member family.Remove(values: string list) : bool =
            family.Remove(ReadOnlySpan(List.toArray values))

    type Instrumentator.Counter with

        /// <summary>Adds an amount, and keeps it as an exemplar with these labels.</summary>
        /// <example><code>orders.Increment(1.0, [ "trace_id", id ])</code></example>
        member counter.Increment(amount: float, labels: (string * string) list) =
            counter.Increment(amount, exemplar labels)

    type Instrumentator.Histogram with

        /// <summary>Counts an observation, and keeps it as an exemplar with these labels.</summary>
        /// <example><code>jobs.Observe(seconds, [ "trace_id", id ])</code></example>
        member histogram.Observe(value: float, labels: (string * string) list) =
            histogram.Observe(value, exemplar labels)

    type Instrumentator.Info with

        /// <summary>Returns the context of the request. It is valid until the metric function returns.</summary>
        /// <remarks>Raises <c>InvalidOperationException</c> if the request did not come through ASP.NET Core.</remarks>
        /// <example><code>Metric.create (fun info -> printfn "%s" info.HttpContext().Request.Protocol)</code></example>
        member info.HttpContext() =
            InfoHttpContextExtensions.HttpContext info

    type Instrumentator.RequestView with

        /// <summary>Returns the context of the request. It is valid until the label's function returns.</summary>
        /// <remarks>Raises <c>InvalidOperationException</c> if the request did not come through ASP.NET Core.</remarks>
        /// <example><code>
        /// RequestLabel.from "kind" (fun request -> Some(request.HttpContext().Request.Protocol)) [ "HTTP/2" ]
        /// </code></example>
        member request.HttpContext() =
            InfoHttpContextExtensions.HttpContext request
