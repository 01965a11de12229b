namespace Instrumentator.Giraffe

open System
open Instrumentator

/// <summary>The rules of what is recorded and under which labels: a function for each, to be piped.</summary>
/// <example><code>
/// Instrumentation.defaults
/// |> Instrumentation.configure (Config.excludedHandlers [ "^/health$" ] >> Config.groupStatusCodes false)
/// </code></example>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Config =

    // F# can't copy a C# record and change one member, so all are named here; a test counts them.
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

    /// The rules of an app that sets nothing.
    let defaults = Config.Default

    /// Whether the status label is the class of the status, `2xx`, and not the number. The default is true.
    let groupStatusCodes (group: bool) (config: Config) =
        Copy.Of(config, groupStatusCodes = group)

    /// What becomes of requests that matched no route: Untemplated.Group(), Untemplated.Ignore or Untemplated.Path(limit).
    let untemplated (choice: Untemplated) (config: Config) = Copy.Of(config, untemplated = choice)

    /// Handlers that leave no trace: regular expressions, searched anywhere in the route template, or in the path without one.
    let excludedHandlers (patterns: string list) (config: Config) =
        Copy.Of(config, excludedHandlers = ValueList.From patterns)

    /// Handlers whose response body metric functions can read: regular expressions, searched anywhere in the handler label.
    let bodyHandlers (patterns: string list) (config: Config) =
        Copy.Of(config, bodyHandlers = ValueList.From patterns)

    /// How many bytes of a response body are kept, at the most. The default is 65,536.
    let bodyLimit (bytes: int) (config: Config) = Copy.Of(config, bodyLimit = bytes)

    /// To how many decimals durations are rounded; None for not at all, the default.
    let latencyDecimals (decimals: int option) (config: Config) =
        Copy.Of(config, latencyDecimals = Option.toNullable decimals)

    /// Whether the default metrics measure up to the first byte of the response. The default is false.
    let excludeStreamingDuration (exclude: bool) (config: Config) =
        Copy.Of(config, excludeStreamingDuration = exclude)

    /// The gauge of requests in progress; None for no gauge, the default.
    let inProgress (gauge: InProgress option) (config: Config) =
        Copy.Of(config, inProgress = (gauge |> Option.map InProgress.toOptions |> Option.toObj))

    /// Requests that stay open as long as their client likes, which no latency observes; None for requests like any other.
    /// The default is `Some LongLived.defaults`: WebSockets, server-sent events, SignalR, gRPC.
    let longLived (options: LongLived option) (config: Config) =
        Copy.Of(config, longLived = (options |> Option.map LongLived.toOptions |> Option.toObj))

    /// What becomes of a request whose client hung up before it got an answer. The default is ClientAborts.Status499.
    let clientAborts (choice: ClientAborts) (config: Config) = Copy.Of(config, clientAborts = choice)

    /// What the sizes of bodies are taken from: BodySizes.ContentLength, the default, or BodySizes.Actual.
    let bodySizes (choice: BodySizes) (config: Config) = Copy.Of(config, bodySizes = choice)

    /// Exemplars of requests, with the identity of their trace; None for no exemplars, the default.
    let exemplars (options: Exemplars option) (config: Config) =
        Copy.Of(config, exemplars = (options |> Option.map Exemplars.toOptions |> Option.toObj))

    /// How long an asynchronous metric function is waited for. Then it is left to itself, and must not use the HttpContext any more. The default is 5 seconds;
    /// above 0, one day at the most.
    let asyncTimeout (limit: TimeSpan) (config: Config) = Copy.Of(config, asyncTimeout = limit)

    /// An environment variable that switches everything on when it is `true` or `1`; None for always on, the default.
    let enabledBy (variable: string option) (config: Config) =
        Copy.Of(config, enabledBy = Option.toObj variable)

    /// Methods that are labels beside the standard ones.
    let extraMethods (methods: string list) (config: Config) =
        Copy.Of(config, extraMethods = ValueList.From methods)

    /// How a route template becomes the handler label. The default is HandlerTemplate.Names.
    let handlerTemplate (kind: HandlerTemplate) (config: Config) = Copy.Of(config, handlerTemplate = kind)

    /// Whether a request that a route turned down for its method or content type (405, 415) has the label of that route. The default is true.
    let labelRejected (labels: bool) (config: Config) = Copy.Of(config, labelRejected = labels)

    /// Whether the handler label starts with the path base. The default is false.
    let includePathBase (includes: bool) (config: Config) =
        Copy.Of(config, includePathBase = includes)
