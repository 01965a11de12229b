namespace Instrumentator.Giraffe

open System
open Instrumentator

/// <summary>Labels by allow-list: clients choose what they send, so it becomes a label only where it is in a list. All else is `other`.</summary>
/// <remarks>The other labels, `RequestLabel.Handler` for one, are those of the core; so are these with another text than `other`.</remarks>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module RequestLabel =

    /// <summary>A header of the request: the label <c>x_tenant</c> for <c>X-Tenant</c>, unless <c>.As</c> gives it another name.</summary>
    /// <example><code>(RequestLabel.header "X-Tenant" [ "acme"; "globex" ]).As "tenant"</code></example>
    let header (name: string) (allowed: string list) =
        RequestLabel.Header(name, ValueList.From allowed)

    /// <summary>Anything else of a request. What the function raises is counted and logged, and the label is <c>other</c>; None is as empty text.</summary>
    /// <example><code>RequestLabel.from "kind" (fun request -> Some(request.HttpContext().Request.Protocol)) [ "HTTP/2"; "HTTP/3" ]</code></example>
    let from (name: string) (read: RequestView -> string option) (allowed: string list) =
        RequestLabel.From(name, Func<RequestView, string | null>(read >> Option.toObj), ValueList.From allowed)

/// <summary>What all built-in metrics let one choose.</summary>
/// <example><code>{ Options.defaults with Namespace = Some "shop"; Method = false }</code></example>
[<RequireQualifiedAccess>]
type Options = {
    /// The name, without namespace and subsystem; None for the metric's own.
    Name: string option
    /// The help text; None for the metric's own.
    Help: string option
    /// What stands before the name.
    Namespace: string option
    /// What stands between namespace and name.
    Subsystem: string option
    /// Whether series have the label `handler`.
    Handler: bool
    /// Whether series have the label `method`.
    Method: bool
    /// Whether series have the label `status`.
    Status: bool
    /// The labels that come from the request, in this order, under names of one's own choice; None for those that the three above say.
    RequestLabels: RequestLabel list option
    /// Labels with values that never change.
    CustomLabels: (string * string) list
    /// Where the family is registered; None for the default registry.
    Registry: Registry option
    /// Native buckets beside the classic ones, which may then be none. Only latencies read it.
    Native: NativeBuckets option
    /// Whether a latency is that up to the first byte of the response. Only latencies read it.
    ExcludeStreamingDuration: bool
}

/// What all built-in metrics let one choose.
[<RequireQualifiedAccess>]
module Options =

    let internal ofLabels (labels: ValueList<Label>) = [ for label in labels -> label.Name, label.Value ]

    let internal toLabels (labels: (string * string) list) =
        labels |> Seq.map Label |> ValueList.From

    let internal ofRequestLabels (labels: ValueList<RequestLabel> | null) =
        labels |> Option.ofObj |> Option.map List.ofSeq

    let internal toRequestLabels (labels: RequestLabel list option) =
        labels |> Option.map ValueList.From |> Option.toObj

    /// All three labels, the metric's own name, the default registry.
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

    // Latencies have all that the other metrics have.
    let internal toMetric (options: Options) : MetricOptions = toLatency [] options

/// <summary>What the default metrics let one choose.</summary>
/// <example><code>{ DefaultMetrics.defaults with Namespace = Some "shop" }</code></example>
[<RequireQualifiedAccess>]
type DefaultMetrics = {
    /// What stands before each name.
    Namespace: string option
    /// What stands between namespace and each name.
    Subsystem: string option
    /// Whether the histogram with many buckets observes only requests that were answered with a 2xx status.
    OnlySuccessInHighResolution: bool
    /// Upper bounds of the histogram with many buckets, in seconds.
    HighResolutionBuckets: float list
    /// Upper bounds of the histogram with few buckets, in seconds.
    LowResolutionBuckets: float list
    /// Native buckets of both histograms, beside the classic ones, which may then be none.
    Native: NativeBuckets option
    /// Whether durations are those up to the first byte of the response.
    ExcludeStreamingDuration: bool
    /// Further labels that come from the request, on all families but the histogram with many buckets.
    ExtraRequestLabels: RequestLabel list
    /// Labels with values that never change, on all families but the histogram with many buckets.
    CustomLabels: (string * string) list
    /// Where the families are registered; None for the default registry, or for that of the instrumentation whose default metrics they are.
    Registry: Registry option
}

/// What the default metrics let one choose.
[<RequireQualifiedAccess>]
module DefaultMetrics =

    /// The names, labels and buckets of an app that chooses nothing.
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
    /// The whole name.
    Name: string
    /// The help text.
    Help: string
    /// Whether series have the labels `method` and `handler`.
    Labels: bool
    /// The labels that come from the request, in this order, under names of one's own choice, without the status; None for those that `Labels` says.
    RequestLabels: RequestLabel list option
    /// Labels with values that never change.
    CustomLabels: (string * string) list
}

/// The gauge of requests in progress.
[<RequireQualifiedAccess>]
module InProgress =

    /// One gauge for all requests: `http_requests_inprogress`.
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

/// <summary>Requests that stay open as long as their client likes: WebSockets, server-sent events, SignalR, long polling, gRPC.</summary>
/// <example><code>Config.longLived (Some { LongLived.defaults with ContentTypes = [ "text/event-stream"; "application/x-ndjson" ] })</code></example>
[<RequireQualifiedAccess>]
type LongLived = {
    /// The whole name of the gauge of those that are open.
    GaugeName: string
    /// The whole name of the histogram of how long they were open, in seconds.
    DurationName: string
    /// Upper bounds of the histogram's buckets, in seconds.
    DurationBuckets: float list
    /// The content types of responses that are streams of messages: each stands for all that begin with it.
    ContentTypes: string list
    /// Labels with values that never change.
    CustomLabels: (string * string) list
}

/// Requests that stay open as long as their client likes.
[<RequireQualifiedAccess>]
module LongLived =

    /// The names, buckets and content types of an app that chooses nothing.
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

/// <summary>Exemplars of requests: single observations, with labels that lead to the trace of their request.</summary>
/// <example><code>Config.exemplars (Some Exemplars.defaults)</code></example>
[<RequireQualifiedAccess>]
type Exemplars = {
    /// The labels of a request's exemplars, [] for none; None for `trace_id` and `span_id` of a trace that is sampled.
    Labels: (Info -> (string * string) list) option
    /// How long each counter, and each bucket, keeps an exemplar before it takes the next one.
    Interval: TimeSpan
}

/// Exemplars of requests.
[<RequireQualifiedAccess>]
module Exemplars =

    /// The identity of traces that are sampled, and at most one a second in each place.
    let defaults: Exemplars = {
        Labels = None
        Interval = ExemplarOptions().Interval
    }

    let internal toOptions (exemplars: Exemplars) =
        let labels =
            exemplars.Labels
            |> Option.map (fun labels -> Func<Info, ValueList<Label>>(labels >> Options.toLabels))

        ExemplarOptions(Labels = Option.toObj labels, Interval = exemplars.Interval)
