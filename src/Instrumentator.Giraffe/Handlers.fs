namespace Instrumentator.Giraffe

open System
open Instrumentator
open Microsoft.AspNetCore.Http

/// Handlers that measure requests, label the routes of Giraffe's own router, and write the metrics.
[<AutoOpen>]
module Handlers =

    let internal variable (name: string) = Environment.GetEnvironmentVariable name

    let internal isOn (instrumentation: Instrumentation) =
        EnvironmentSwitch.IsOn(instrumentation.Config, variable)

    /// <summary>Measures the requests to a handler, which may be a whole web app or a part of it.</summary>
    /// <remarks>
    /// A request that the handler skips (<c>None</c>) is not recorded. An exception propagates, and is recorded with
    /// the status code that the client gets. Within <c>useInstrumentator</c> or <c>instrument</c> of the same
    /// instrumentation, only the outermost one records the request; another instrumentation records it as well. The
    /// handler's closure is created once. Raises <c>InvalidConfigException</c> or <c>InvalidOperationException</c>
    /// immediately when the instrumentation is invalid.
    /// </remarks>
    /// <example><code>
    /// let webApp =
    ///     choose [ GET >=> templated route "/ping" >=> text "pong" ]
    ///     |> instrument (Instrumentation.ofMetrics (Metric.latency [ 0.1; 1.0 ]))
    /// </code></example>
    let instrument (instrumentation: Instrumentation) (handler: HttpHandler) : HttpHandler =
        if isOn instrumentation then
            let running = HandlerInstrumentation instrumentation

            fun next ->
                // Bound here because an argument of Func would be evaluated for each request.
                let composed = handler next
                let inner = Func<HttpContext, HttpFuncResult> composed
                fun ctx -> running.InvokeAsync(ctx, inner)
        else
            handler

    /// <summary>Sets the handler label of a route of Giraffe's own router to the route's template.</summary>
    /// <param name="router">Any router that takes a path: <c>route</c>, <c>routeCi</c>, <c>routex</c>,
    /// <c>routeStartsWith</c>.</param>
    /// <param name="path">The path, which is the label, joined to the prefixes of <c>subRoute</c> and the like around
    /// it.</param>
    /// <remarks>The last template that matches wins. If its branch then skips the request, the previous one is
    /// restored.</remarks>
    /// <example><code>GET >=> templated route "/ping" >=> text "pong"</code></example>
    let templated (router: string -> HttpHandler) (path: string) : HttpHandler =
        let template = Templates.ofPath path
        let route = router path
        fun next -> Templates.matched template next |> route |> Templates.entering

    /// <summary>Sets the handler label of a route with a format to its template: <c>/users/{i0}</c> for
    /// <c>"/users/%i"</c>.</summary>
    /// <param name="router">Any router that takes a format and a function: <c>routef</c>, <c>routeCif</c>,
    /// <c>subRoutef</c>.</param>
    /// <param name="path">The format. Its parameters have the same names as in Giraffe's endpoint routing, so both
    /// routers give the same label.</param>
    /// <param name="handler">Receives the values that the format matched.</param>
    /// <example><code>GET >=> templatedf routef "/users/%i/posts/%s" getPost</code></example>
    let templatedf
        (router: PrintfFormat<'a, 'b, 'c, 'd, 'T> -> ('T -> HttpHandler) -> HttpHandler)
        (path: PrintfFormat<'a, 'b, 'c, 'd, 'T>)
        (handler: 'T -> HttpHandler)
        : HttpHandler =
        let route = router path (Templates.matchedWith (Templates.ofFormat path.Value) handler)

        fun next -> route next |> Templates.entering

    /// <summary>Sets the handler label of a route that binds its parameters, <c>routeBind</c> or <c>routexp</c>, to its
    /// template.</summary>
    /// <param name="router">Any router that takes a path and a function.</param>
    /// <param name="path">The path, which is the label.</param>
    /// <param name="handler">Receives the values that the path matched.</param>
    /// <example><code>GET >=> templatedBind routeBind&lt;Person> "/people/{first}/{last}" greet</code></example>
    let templatedBind
        (router: string -> ('T -> HttpHandler) -> HttpHandler)
        (path: string)
        (handler: 'T -> HttpHandler)
        : HttpHandler =
        let route = router path (Templates.matchedWith (Templates.ofPath path) handler)

        fun next -> route next |> Templates.entering

    /// <summary>Labels the routes within a <c>subRouteCi</c> with its prefix as written here, not as the first client
    /// wrote it.</summary>
    /// <param name="router">Any router that takes a prefix and a handler: <c>subRouteCi</c>. A <c>subRoute</c> does not
    /// need this.</param>
    /// <param name="path">The prefix.</param>
    /// <param name="handler">The handler behind the prefix.</param>
    /// <example><code>
    /// templatedSub subRouteCi "/api" (choose [ templated route "/users" >=> getUsers ])
    /// </code></example>
    let templatedSub
        (router: string -> HttpHandler -> HttpHandler)
        (path: string)
        (handler: HttpHandler)
        : HttpHandler =
        let template = Templates.ofPath path

        let route = router path (fun next -> handler next |> Templates.matched template)

        fun next -> route next |> Templates.entering

    /// <summary>Sets the handler label of the routes within it, for example of routes by a regular
    /// expression.</summary>
    /// <param name="label">The label, as it is: it is not joined to the prefixes of <c>subRoute</c> and the like.
    /// Choose it from a fixed set, and not from what clients send.</param>
    /// <remarks>The innermost label or template wins, as with <c>templated</c>. If its branch then skips the request,
    /// the previous one is restored. Raises <c>ArgumentException</c> immediately when the label is null or
    /// empty.</remarks>
    /// <example><code>routex "/(en|de)/about" >=> handlerLabel "about" >=> text "about"</code></example>
    let handlerLabel (label: string) : HttpHandler =
        ArgumentException.ThrowIfNullOrEmpty(label, nameof label)
        fun next -> Templates.labelled label next

    /// <summary>Excludes the requests that the handlers after it answer from all metrics.</summary>
    /// <remarks>Wherever it is, no label or template measures them again. If its branch then skips the request, the
    /// request is measured as if this handler was not there.</remarks>
    /// <example><code>route "/health" >=> unmeasured >=> text "healthy"</code></example>
    let unmeasured: HttpHandler = fun next -> Templates.ignored next

    /// <summary>Writes all metrics as <c>writeMetrics</c> does, with options.</summary>
    /// <param name="options">Limits, compression, self-metrics, another registry if needed, and whether scrapes are
    /// measured.</param>
    /// <param name="instrumentation">The instrumentation whose registry is written.</param>
    /// <remarks>Raises <c>InvalidConfigException</c> immediately when a value of the options is invalid, and
    /// <c>InvalidOperationException</c> when a family has the name of a self-metric.</remarks>
    /// <example><code>
    /// GET_HEAD >=> route "/metrics" >=> writeMetricsWith (ScrapeOptions(Gzip = true)) instrumentation
    /// </code></example>
    let writeMetricsWith (options: ScrapeOptions) (instrumentation: Instrumentation) : HttpHandler =
        let registry () =
            options.Registry |> Option.ofObj |> Option.defaultValue instrumentation.Registry

        let endpoint = ScrapeEndpoint(options, registry)

        if isOn instrumentation then
            endpoint.Start()

            fun _ ctx -> task {
                if not options.Measured then
                    (TrackedRequest.OrNote ctx).IsIgnored <- true

                do! endpoint.AnswerAsync ctx
                return Some ctx
            }
        else
            // Before the first request, a handler has no log.
            let off = SwitchedOffEndpoint(instrumentation.Config, variable)

            fun _ ctx ->
                off.LogOnce ctx
                System.Threading.Tasks.Task.FromResult None

    /// <summary>Writes all metrics of the instrumentation's registry in the format that the scraper requests:
    /// Prometheus text or OpenMetrics.</summary>
    /// <remarks>
    /// Scrapes are not recorded, wherever the handler is placed. The handler skips the request (<c>None</c>) when the
    /// environment variable of <c>Config.enabledBy</c> is not on.
    /// </remarks>
    /// <example><code>GET_HEAD >=> route "/metrics" >=> writeMetrics instrumentation</code></example>
    let writeMetrics (instrumentation: Instrumentation) : HttpHandler =
        writeMetricsWith (ScrapeOptions()) instrumentation
