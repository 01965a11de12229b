namespace Instrumentator.Giraffe

open System
open Instrumentator

/// <summary>Functions for piping, one for each rule of what is recorded and under which labels.</summary>
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
                ?includePathBase
            ) =
            Config(
                GroupStatusCodes = defaultArg groupStatusCodes config.GroupStatusCodes,
                Untemplated = defaultArg untemplated config.Untemplated,
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
                IncludePathBase = defaultArg includePathBase config.IncludePathBase
            )

    /// The default rules.
    let defaults = Config.Default

    /// Sets whether the status label is the status class, `2xx`, and not the status code. The default is true.
    let groupStatusCodes (group: bool) (config: Config) =
        Copy.Of(config, groupStatusCodes = group)

    /// Sets how to treat requests that match no route: Untemplated.Group(), Untemplated.Ignore or
    /// Untemplated.Path(limit).
    let untemplated (choice: Untemplated) (config: Config) = Copy.Of(config, untemplated = choice)

    /// Sets the handlers that are not recorded: regular expressions, searched anywhere in the route template, or in the
    /// path of a request without one.
    let excludedHandlers (patterns: string list) (config: Config) =
        Copy.Of(config, excludedHandlers = ValueList.From patterns)

    /// Sets the handlers whose response body metric functions can read: regular expressions, searched anywhere in the
    /// handler label.
    let bodyHandlers (patterns: string list) (config: Config) =
        Copy.Of(config, bodyHandlers = ValueList.From patterns)

    /// Sets how many bytes of a response body are kept at most. The default is 65,536.
    let bodyLimit (bytes: int) (config: Config) = Copy.Of(config, bodyLimit = bytes)

    /// Sets the number of decimals that durations are rounded to; None, the default, for no rounding.
    let latencyDecimals (decimals: int option) (config: Config) =
        Copy.Of(config, latencyDecimals = Option.toNullable decimals)

    /// Sets whether the default metrics measure only up to the first byte of the response. The default is false.
    let excludeStreamingDuration (exclude: bool) (config: Config) =
        Copy.Of(config, excludeStreamingDuration = exclude)

    /// Sets the gauge of requests in progress; None, the default, for no gauge.
    let inProgress (gauge: InProgress option) (config: Config) =
        Copy.Of(config, inProgress = (gauge |> Option.map InProgress.toOptions |> Option.toObj))

    /// Sets the options of requests that stay open as long as their client likes, which latency metrics do not observe.
    /// None treats them like any other request. The default is `Some LongLived.defaults`: WebSockets, server-sent
    /// events, SignalR, gRPC.
    let longLived (options: LongLived option) (config: Config) =
        Copy.Of(config, longLived = (options |> Option.map LongLived.toOptions |> Option.toObj))

    /// Sets how to record requests whose client disconnects before the response. The default is ClientAborts.Status499.
    let clientAborts (choice: ClientAborts) (config: Config) = Copy.Of(config, clientAborts = choice)

    /// Sets the source of body sizes: BodySizes.ContentLength, the default, or BodySizes.Actual.
    let bodySizes (choice: BodySizes) (config: Config) = Copy.Of(config, bodySizes = choice)

    /// Sets the exemplars of requests, which identify the request's trace; None, the default, for no exemplars.
    let exemplars (options: Exemplars option) (config: Config) =
        Copy.Of(config, exemplars = (options |> Option.map Exemplars.toOptions |> Option.toObj))

    /// Sets how long to wait for an asynchronous metric function. After that, it runs on unawaited and must no longer
    /// use the HttpContext. The default is 5 seconds; the limit must be above 0 and at most one day.
    let asyncTimeout (limit: TimeSpan) (config: Config) = Copy.Of(config, asyncTimeout = limit)

    /// Sets the environment variable that enables everything if it is `true` or `1`; None, the default, is always on.
    let enabledBy (variable: string option) (config: Config) =
        Copy.Of(config, enabledBy = Option.toObj variable)

    /// Sets the methods that are label values in addition to the standard ones.
    let extraMethods (methods: string list) (config: Config) =
        Copy.Of(config, extraMethods = ValueList.From methods)

    /// Sets how a route template becomes the handler label. The default is HandlerTemplate.Names.
    let handlerTemplate (kind: HandlerTemplate) (config: Config) = Copy.Of(config, handlerTemplate = kind)

    /// Sets whether a request that a route rejects for its method or content type (405, 415) has the label of that
    /// route. The default is true.
    let labelRejected (labels: bool) (config: Config) = Copy.Of(config, labelRejected = labels)

    /// Sets whether the handler label starts with the path base. The default is false.
    let includePathBase (includes: bool) (config: Config) =
        Copy.Of(config, includePathBase = includes)
