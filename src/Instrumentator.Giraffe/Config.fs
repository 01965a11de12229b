namespace Instrumentator.Giraffe

open System
open Instrumentator

/// <summary>Functions for piping, one for each rule of what is recorded and under which labels.</summary>
/// <remarks>Values are checked when an instrumentation starts, which raises one <c>InvalidConfigException</c> for all
/// errors.</remarks>
/// <example><code>
/// Instrumentation.defaults
/// |> Instrumentation.configure (Config.excludedHandlers [ "^/health$" ] >> Config.groupStatusCodes false)
/// </code></example>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Config =

    // F# can't copy a C# record with one member changed, so every member is listed here; a test counts them.
    type private Copy =
        static member Of
            (
                config: Config,
                ?groupStatusCodes,
                ?untemplated,
                ?staticAssets,
                ?excludedHandlers,
                ?bodyHandlers,
                ?bodyLimit,
                ?latencyDecimals,
                ?excludeStreamingDuration,
                ?inProgress,
                ?longLived,
                ?clientAborts,
                ?bodySizes,
                ?exemplars,
                ?asyncTimeout,
                ?enabledBy,
                ?extraMethods,
                ?handlerTemplate,
                ?labelRejected,
                ?includePathBase,
                ?initializeSeries
            ) =
            Config(
                GroupStatusCodes = defaultArg groupStatusCodes config.GroupStatusCodes,
                Untemplated = defaultArg untemplated config.Untemplated,
                StaticAssets = defaultArg staticAssets config.StaticAssets,
                ExcludedHandlers = defaultArg excludedHandlers config.ExcludedHandlers,
                BodyHandlers = defaultArg bodyHandlers config.BodyHandlers,
                BodyLimit = defaultArg bodyLimit config.BodyLimit,
                LatencyDecimals = defaultArg latencyDecimals config.LatencyDecimals,
                ExcludeStreamingDuration = defaultArg excludeStreamingDuration config.ExcludeStreamingDuration,
                InProgress = defaultArg inProgress config.InProgress,
                LongLived = defaultArg longLived config.LongLived,
                ClientAborts = defaultArg clientAborts config.ClientAborts,
                BodySizes = defaultArg bodySizes config.BodySizes,
                Exemplars = defaultArg exemplars config.Exemplars,
                AsyncTimeout = defaultArg asyncTimeout config.AsyncTimeout,
                EnabledBy = defaultArg enabledBy config.EnabledBy,
                ExtraMethods = defaultArg extraMethods config.ExtraMethods,
                HandlerTemplate = defaultArg handlerTemplate config.HandlerTemplate,
                LabelRejected = defaultArg labelRejected config.LabelRejected,
                IncludePathBase = defaultArg includePathBase config.IncludePathBase,
                InitializeSeries = defaultArg initializeSeries config.InitializeSeries
            )

    /// <summary>The default rules.</summary>
    /// <example><code>Config.defaults |> Config.groupStatusCodes false</code></example>
    let defaults = Config.Default

    /// <summary>Sets whether the status label is the status class, <c>2xx</c>, and not the status code. The default is
    /// true.</summary>
    /// <example><code>Config.groupStatusCodes false</code></example>
    let groupStatusCodes (group: bool) (config: Config) =
        Copy.Of(config, groupStatusCodes = group)

    /// <summary>Sets how to treat requests that match no route: Untemplated.Group(), Untemplated.Ignore or
    /// Untemplated.Path(limit).</summary>
    /// <example><code>Config.untemplated (Untemplated.Path 100)</code></example>
    let untemplated (choice: Untemplated) (config: Config) = Copy.Of(config, untemplated = choice)

    /// <summary>Sets the handler label of the files that <c>MapStaticAssets</c> serves. The default is <c>static
    /// assets</c>. None labels each file with its own route, which contains a fingerprint of its content.</summary>
    /// <example><code>Config.staticAssets (Some "files")</code></example>
    let staticAssets (label: string option) (config: Config) =
        Copy.Of(config, staticAssets = Option.toObj label)

    /// <summary>Sets the handlers that are not recorded: regular expressions, searched anywhere in the handler label,
    /// or in the path of a request without a route.</summary>
    /// <remarks>The handler label is the route template, or the name that the endpoint sets. A pattern is
    /// case-sensitive unless it contains <c>(?i)</c>. Lookarounds and backreferences are invalid.</remarks>
    /// <example><code>Config.excludedHandlers [ "^/health$"; "admin" ]</code></example>
    let excludedHandlers (patterns: string list) (config: Config) =
        Copy.Of(config, excludedHandlers = ValueList.From patterns)

    /// <summary>Sets the handlers whose response body metric functions can read as <c>info.Response.Body</c>: regular
    /// expressions, searched anywhere in the handler label.</summary>
    /// <example><code>Config.bodyHandlers [ "^/orders$" ]</code></example>
    let bodyHandlers (patterns: string list) (config: Config) =
        Copy.Of(config, bodyHandlers = ValueList.From patterns)

    /// <summary>Sets how many bytes of a response body are kept at most. The default is 65,536.</summary>
    /// <example><code>Config.bodyLimit 1024</code></example>
    let bodyLimit (bytes: int) (config: Config) = Copy.Of(config, bodyLimit = bytes)

    /// <summary>Sets the number of decimals that durations are rounded to; None, the default, for no
    /// rounding.</summary>
    /// <example><code>Config.latencyDecimals (Some 4)</code></example>
    let latencyDecimals (decimals: int option) (config: Config) =
        Copy.Of(config, latencyDecimals = Option.toNullable decimals)

    /// <summary>Sets whether the default metrics measure only up to the first byte of the response. The default is
    /// false.</summary>
    /// <example><code>Config.excludeStreamingDuration true</code></example>
    let excludeStreamingDuration (exclude: bool) (config: Config) =
        Copy.Of(config, excludeStreamingDuration = exclude)

    /// <summary>Sets the gauge of requests in progress; None, the default, for no gauge.</summary>
    /// <example><code>Config.inProgress (Some { InProgress.defaults with Labels = true })</code></example>
    let inProgress (gauge: InProgress option) (config: Config) =
        Copy.Of(config, inProgress = (gauge |> Option.map InProgress.toOptions |> Option.toObj))

    /// <summary>Sets the options of requests that stay open as long as their client likes, which latency metrics do not
    /// observe. None treats them like any other request. The default is <c>Some LongLived.defaults</c>: WebSockets,
    /// server-sent events, SignalR, streaming gRPC calls.</summary>
    /// <example><code>Config.longLived None</code></example>
    let longLived (options: LongLived option) (config: Config) =
        Copy.Of(config, longLived = (options |> Option.map LongLived.toOptions |> Option.toObj))

    /// <summary>Sets how to record requests whose client disconnects before the response. The default is
    /// ClientAborts.Status499.</summary>
    /// <example><code>Config.clientAborts ClientAborts.OwnGroup</code></example>
    let clientAborts (choice: ClientAborts) (config: Config) = Copy.Of(config, clientAborts = choice)

    /// <summary>Sets the source of body sizes: BodySizes.ContentLength, the default, or BodySizes.Actual.</summary>
    /// <example><code>Config.bodySizes BodySizes.Actual</code></example>
    let bodySizes (choice: BodySizes) (config: Config) = Copy.Of(config, bodySizes = choice)

    /// <summary>Sets the exemplars of requests, which identify the request's trace; None, the default, for no
    /// exemplars.</summary>
    /// <example><code>Config.exemplars (Some Exemplars.defaults)</code></example>
    let exemplars (options: Exemplars option) (config: Config) =
        Copy.Of(config, exemplars = (options |> Option.map Exemplars.toOptions |> Option.toObj))

    /// <summary>Sets how long to wait for an asynchronous metric function. After that, it runs on unawaited and must no
    /// longer use the HttpContext. The default is 5 seconds; the limit must be above 0 and at most one day.</summary>
    /// <example><code>Config.asyncTimeout (TimeSpan.FromSeconds 1.0)</code></example>
    let asyncTimeout (limit: TimeSpan) (config: Config) = Copy.Of(config, asyncTimeout = limit)

    /// <summary>Sets the environment variable that enables everything if it is <c>true</c> or <c>1</c>; None, the
    /// default, is always on.</summary>
    /// <remarks>With another value, or without the variable, nothing is measured, and there is no metrics
    /// endpoint.</remarks>
    /// <example><code>Config.enabledBy (Some "ENABLE_METRICS")</code></example>
    let enabledBy (variable: string option) (config: Config) =
        Copy.Of(config, enabledBy = Option.toObj variable)

    /// <summary>Sets the methods that are label values in addition to those of RFC 9110, PATCH and QUERY. The default
    /// is none; any other method has the label <c>_OTHER</c>.</summary>
    /// <example><code>Config.extraMethods [ "PURGE" ]</code></example>
    let extraMethods (methods: string list) (config: Config) =
        Copy.Of(config, extraMethods = ValueList.From methods)

    /// <summary>Sets how a route template becomes the handler label. The default is HandlerTemplate.Names.</summary>
    /// <example><code>Config.handlerTemplate HandlerTemplate.Raw</code></example>
    let handlerTemplate (kind: HandlerTemplate) (config: Config) = Copy.Of(config, handlerTemplate = kind)

    /// <summary>Sets whether a request that a route rejects for its method or content type (405, 415) has the label of
    /// that route. The default is true.</summary>
    /// <example><code>Config.labelRejected false</code></example>
    let labelRejected (labels: bool) (config: Config) = Copy.Of(config, labelRejected = labels)

    /// <summary>Sets whether the handler label starts with the path base, such as that of a branch made by <c>Map</c>.
    /// The default is false.</summary>
    /// <example><code>Config.includePathBase true</code></example>
    let includePathBase (includes: bool) (config: Config) =
        Copy.Of(config, includePathBase = includes)

    /// <summary>Sets whether the counters of requests have series at 0 when the app has started: for each of its
    /// endpoints, each method that it declares, and the status 2xx and 5xx. The default is false.</summary>
    /// <remarks>Then the first error of a route is visible in <c>increase()</c>. The series take at most half of the
    /// limit of a metric's series. Routes of Giraffe's own router have no list, so they get their series with their
    /// first request.</remarks>
    /// <example><code>Config.initializeSeries true</code></example>
    let initializeSeries (initializes: bool) (config: Config) =
        Copy.Of(config, initializeSeries = initializes)
