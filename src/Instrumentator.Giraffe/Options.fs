namespace Instrumentator.Giraffe

open System
open Instrumentator

/// <summary>Labels by allow-list. Clients choose what they send, so only values in a list become label values; all
/// others become <c>other</c>.</summary>
/// <remarks>The core has the other labels, such as <c>RequestLabel.Handler</c>, <c>RequestLabel.ErrorType</c> and
/// <c>RequestLabel.GrpcStatus</c>, and these labels with a text other than <c>other</c>.</remarks>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module RequestLabel =

    /// <summary>Returns the label of a request header: <c>x_tenant</c> for <c>X-Tenant</c>, unless <c>named</c> gives
    /// it another name.</summary>
    /// <example><code>RequestLabel.header "X-Tenant" [ "acme"; "globex" ]</code></example>
    let header (name: string) (allowed: string list) =
        RequestLabel.Header(name, ValueList.From allowed)

    /// <summary>Returns the label of any other request value. Exceptions of the function are counted and logged, and
    /// the label is <c>other</c>. So it is for None, unless the list contains <c>""</c>.</summary>
    /// <remarks>The list has 1 to 1,000 values. Matching ignores case and surrounding whitespace.</remarks>
    /// <example><code>
    /// RequestLabel.from "kind" (fun request -> Some(request.HttpContext().Request.Protocol)) [ "HTTP/2"; "HTTP/3" ]
    /// </code></example>
    let from (name: string) (read: RequestView -> string option) (allowed: string list) =
        RequestLabel.From(name, Func<RequestView, string | null>(read >> Option.toObj), ValueList.From allowed)

    /// <summary>Returns the label under another name.</summary>
    /// <example><code>
    /// RequestLabel.header "X-Tenant" [ "acme"; "globex" ] |> RequestLabel.named "tenant"
    /// </code></example>
    let named (name: string) (label: RequestLabel) = label.As name

/// <summary>The options of all built-in metrics.</summary>
/// <example><code>{ Options.defaults with Namespace = Some "shop"; Method = false }</code></example>
[<RequireQualifiedAccess>]
type Options = {
    /// The name without namespace and subsystem; None for the metric's own name.
    Name: string option
    /// The help text; None for the metric's own text.
    Help: string option
    /// The prefix of the name.
    Namespace: string option
    /// The part between namespace and name.
    Subsystem: string option
    /// Whether series have the label `handler`.
    Handler: bool
    /// Whether series have the label `method`.
    Method: bool
    /// Whether series have the label `status`.
    Status: bool
    /// The labels taken from the request, in this order and under names of your choice; None for the labels that the
    /// three fields above select.
    RequestLabels: RequestLabel list option
    /// Labels with constant values.
    CustomLabels: (string * string) list
    /// The registry of the family; None for that of the instrumentation.
    Registry: Registry option
    /// Native buckets beside the classic ones, which may then be empty. Only latency metrics use them.
    Native: NativeBuckets option
    /// Whether a latency ends at the first byte of the response. Only latency metrics use this.
    ExcludeStreamingDuration: bool
}

/// The options of all built-in metrics.
[<RequireQualifiedAccess>]
module Options =

    let internal ofLabels (labels: ValueList<Label>) = [ for label in labels -> label.Name, label.Value ]

    let internal toLabels (labels: (string * string) list) =
        labels |> Seq.map Label |> ValueList.From

    let internal ofRequestLabels (labels: ValueList<RequestLabel> | null) =
        labels |> Option.ofObj |> Option.map List.ofSeq

    let internal toRequestLabels (labels: RequestLabel list option) =
        labels |> Option.map ValueList.From |> Option.toObj

    /// <summary>All three labels, the metric's own name, and the registry of the instrumentation.</summary>
    /// <example><code>{ Options.defaults with Namespace = Some "shop" }</code></example>
    let defaults: Options =
        let options = LatencyOptions()

        {
            Name = Option.ofObj options.Name
            Help = Option.ofObj options.Help
            Namespace = Option.ofObj options.Namespace
            Subsystem = Option.ofObj options.Subsystem
            Handler = options.Handler
            Method = options.Method
            Status = options.Status
            RequestLabels = ofRequestLabels options.RequestLabels
            CustomLabels = ofLabels options.CustomLabels
            Registry = Option.ofObj options.Registry
            Native = Option.ofObj options.Native
            ExcludeStreamingDuration = options.ExcludeStreamingDuration
        }

    let internal toLatency (buckets: float list) (options: Options) =
        LatencyOptions(
            Name = Option.toObj options.Name,
            Help = Option.toObj options.Help,
            Namespace = Option.toObj options.Namespace,
            Subsystem = Option.toObj options.Subsystem,
            Handler = options.Handler,
            Method = options.Method,
            Status = options.Status,
            RequestLabels = toRequestLabels options.RequestLabels,
            CustomLabels = toLabels options.CustomLabels,
            Registry = Option.toObj options.Registry,
            Buckets = ValueList.From buckets,
            Native = Option.toObj options.Native,
            ExcludeStreamingDuration = options.ExcludeStreamingDuration
        )

    // Latency options include all options of the other metrics.
    let internal toMetric (options: Options) : MetricOptions = toLatency [] options

/// <summary>The options of the default metrics.</summary>
/// <example><code>{ DefaultMetrics.defaults with Namespace = Some "shop" }</code></example>
[<RequireQualifiedAccess>]
type DefaultMetrics = {
    /// The prefix of each name.
    Namespace: string option
    /// The part between namespace and each name.
    Subsystem: string option
    /// Whether `http_request_duration_highr_seconds` observes only requests with a 2xx status.
    OnlySuccessInHighResolution: bool
    /// Upper bounds of `http_request_duration_highr_seconds`, in seconds.
    HighResolutionBuckets: float list
    /// Upper bounds of `http_request_duration_seconds`, in seconds.
    LowResolutionBuckets: float list
    /// Native buckets of both histograms, beside the classic ones, which may then be empty.
    Native: NativeBuckets option
    /// Whether durations end at the first byte of the response.
    ExcludeStreamingDuration: bool
    /// Additional labels taken from the request, on all families except `http_request_duration_highr_seconds`.
    ExtraRequestLabels: RequestLabel list
    /// Labels with constant values, on all families except `http_request_duration_highr_seconds`.
    CustomLabels: (string * string) list
    /// The registry of the families; None for that of the instrumentation.
    Registry: Registry option
}

/// The options of the default metrics.
[<RequireQualifiedAccess>]
module DefaultMetrics =

    /// <summary>The default names, labels and buckets.</summary>
    /// <example><code>{ DefaultMetrics.defaults with Namespace = Some "shop" }</code></example>
    let defaults: DefaultMetrics =
        let options = DefaultMetricsOptions()

        {
            Namespace = Option.ofObj options.Namespace
            Subsystem = Option.ofObj options.Subsystem
            OnlySuccessInHighResolution = options.OnlySuccessInHighResolution
            HighResolutionBuckets = List.ofSeq options.HighResolutionBuckets
            LowResolutionBuckets = List.ofSeq options.LowResolutionBuckets
            Native = Option.ofObj options.Native
            ExcludeStreamingDuration = options.ExcludeStreamingDuration
            ExtraRequestLabels = List.ofSeq options.ExtraRequestLabels
            CustomLabels = Options.ofLabels options.CustomLabels
            Registry = Option.ofObj options.Registry
        }

    let internal toOptions (metrics: DefaultMetrics) =
        DefaultMetricsOptions(
            Namespace = Option.toObj metrics.Namespace,
            Subsystem = Option.toObj metrics.Subsystem,
            OnlySuccessInHighResolution = metrics.OnlySuccessInHighResolution,
            HighResolutionBuckets = ValueList.From metrics.HighResolutionBuckets,
            LowResolutionBuckets = ValueList.From metrics.LowResolutionBuckets,
            Native = Option.toObj metrics.Native,
            ExcludeStreamingDuration = metrics.ExcludeStreamingDuration,
            ExtraRequestLabels = ValueList.From metrics.ExtraRequestLabels,
            CustomLabels = Options.toLabels metrics.CustomLabels,
            Registry = Option.toObj metrics.Registry
        )

/// <summary>The gauge of requests in progress.</summary>
/// <example><code>{ InProgress.defaults with Labels = true }</code></example>
[<RequireQualifiedAccess>]
type InProgress = {
    /// The full name.
    Name: string
    /// The help text.
    Help: string
    /// Whether series have the labels `method` and `handler`.
    Labels: bool
    /// The labels taken from the request, in this order and under names of your choice, without the status; None for
    /// the labels that `Labels` selects.
    RequestLabels: RequestLabel list option
    /// Labels with constant values.
    CustomLabels: (string * string) list
}

/// The gauge of requests in progress.
[<RequireQualifiedAccess>]
module InProgress =

    /// <summary>One gauge for all requests: <c>http_requests_inprogress</c>.</summary>
    /// <example><code>{ InProgress.defaults with Labels = true }</code></example>
    let defaults: InProgress =
        let options = InProgressOptions()

        {
            Name = options.Name
            Help = options.Help
            Labels = options.Labels
            RequestLabels = Options.ofRequestLabels options.RequestLabels
            CustomLabels = Options.ofLabels options.CustomLabels
        }

    let internal toOptions (inProgress: InProgress) =
        InProgressOptions(
            Name = inProgress.Name,
            Help = inProgress.Help,
            Labels = inProgress.Labels,
            RequestLabels = Options.toRequestLabels inProgress.RequestLabels,
            CustomLabels = Options.toLabels inProgress.CustomLabels
        )

/// <summary>Requests that stay open as long as their client likes: WebSockets, server-sent events, SignalR, long
/// polling, streaming gRPC calls.</summary>
/// <example><code>
/// Config.longLived (Some { LongLived.defaults with ContentTypes = [ "text/event-stream"; "application/x-ndjson" ] })
/// </code></example>
[<RequireQualifiedAccess>]
type LongLived = {
    /// The full name of the gauge of open requests.
    GaugeName: string
    /// The full name of the histogram of how long requests were open, in seconds.
    DurationName: string
    /// Upper bounds of the histogram's buckets, in seconds.
    DurationBuckets: float list
    /// The content types of responses that are streams of messages. Each matches all that start with it.
    ContentTypes: string list
    /// Labels with constant values.
    CustomLabels: (string * string) list
}

/// Requests that stay open as long as their client likes.
[<RequireQualifiedAccess>]
module LongLived =

    /// <summary>The default names, buckets and content types.</summary>
    /// <example><code>{ LongLived.defaults with GaugeName = "http_streams_open" }</code></example>
    let defaults: LongLived =
        let options = LongLivedOptions()

        {
            GaugeName = options.GaugeName
            DurationName = options.DurationName
            DurationBuckets = List.ofSeq options.DurationBuckets
            ContentTypes = List.ofSeq options.ContentTypes
            CustomLabels = Options.ofLabels options.CustomLabels
        }

    let internal toOptions (longLived: LongLived) =
        LongLivedOptions(
            GaugeName = longLived.GaugeName,
            DurationName = longLived.DurationName,
            DurationBuckets = ValueList.From longLived.DurationBuckets,
            ContentTypes = ValueList.From longLived.ContentTypes,
            CustomLabels = Options.toLabels longLived.CustomLabels
        )

/// <summary>Exemplars of requests: single observations with labels that lead to the request's trace.</summary>
/// <example><code>Config.exemplars (Some Exemplars.defaults)</code></example>
[<RequireQualifiedAccess>]
type Exemplars = {
    /// The labels of a request's exemplars, [] for none; None for `trace_id` and `span_id` of a sampled trace.
    Labels: (Info -> (string * string) list) option
    /// The time that each counter and each bucket keeps an exemplar before it takes the next one. The default is one
    /// second.
    Interval: TimeSpan
}

/// Exemplars of requests.
[<RequireQualifiedAccess>]
module Exemplars =

    /// <summary>The IDs of sampled traces, at most one a second for each counter and bucket.</summary>
    /// <example><code>Config.exemplars (Some Exemplars.defaults)</code></example>
    let defaults: Exemplars = {
        Labels = None
        Interval = ExemplarOptions().Interval
    }

    let internal toOptions (exemplars: Exemplars) =
        let labels =
            exemplars.Labels
            |> Option.map (fun labels -> Func<Info, ValueList<Label>>(labels >> Options.toLabels))

        ExemplarOptions(Labels = Option.toObj labels, Interval = exemplars.Interval)
