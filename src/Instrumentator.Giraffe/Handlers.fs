namespace Instrumentator.Giraffe

open System
open Instrumentator
open Microsoft.AspNetCore.Http

/// Handlers that measure, that name the routes of Giraffe's own router, and that show the metrics.
[<AutoOpen>]
module Handlers =

    let private isOn (instrumentation: Instrumentation) =
        let variable (name: string) = Environment.GetEnvironmentVariable name
        EnvironmentSwitch.IsOn(instrumentation.Config, variable)

    /// <summary>Measures what a handler answers: a whole web app, or a part of it.</summary>
    /// <remarks>
    /// A request that the handler skips (<c>None</c>) leaves no trace; one that throws is a 500, and the exception goes on. Within
    /// <c>useInstrumentator</c>, or within another <c>instrument</c>, a request is recorded once, by the outermost. The handler's closure is
    /// made once. Raises <c>InvalidConfigException</c> or <c>InvalidOperationException</c> at once when the instrumentation cannot work.
    /// </remarks>
    /// <example><code>
    /// let webApp =
    ///     choose [ GET >=> templated route "/ping" >=> text "pong" ]
    ///     |> instrument (Instrumentation.withMetrics (Metric.defaults ()))
    /// </code></example>
    let instrument (instrumentation: Instrumentation) (handler: HttpHandler) : HttpHandler =
        if isOn instrumentation then
            let running = HandlerInstrumentation instrumentation

            fun next ->
                // Bound first: as an argument of Func it would be evaluated for each request.
                let composed = handler next
                let inner = Func<HttpContext, HttpFuncResult> composed
                fun ctx -> running.InvokeAsync(ctx, inner)
        else
            handler

    /// <summary>Gives a route of Giraffe's own router its template as the handler label.</summary>
    /// <param name="router">Any router from a path to a handler: <c>route</c>, <c>routeCi</c>, <c>routex</c>, <c>routeStartsWith</c>.</param>
    /// <param name="path">The path, which is the label, joined with those of <c>subRoute</c> and the like around it.</param>
    /// <remarks>The last template that matched wins; one of a branch that then skips the request is taken back.</remarks>
    /// <example><code>GET >=> templated route "/ping" >=> text "pong"</code></example>
    let templated (router: string -> HttpHandler) (path: string) : HttpHandler =
        let template = Templates.ofPath path
        let route = router path
        fun next -> Templates.matched template next |> route |> Templates.entering

    /// <summary>Gives a route with a format its template as the handler label: <c>/users/{i0}</c> for <c>"/users/%i"</c>.</summary>
    /// <param name="router">Any router from a format and a function to a handler: <c>routef</c>, <c>routeCif</c>, <c>subRoutef</c>.</param>
    /// <param name="path">The format. Its parameters are named as Giraffe's endpoint routing names them, so both routers give the same label.</param>
    /// <param name="handler">Gets what the format matched.</param>
    /// <example><code>GET >=> templatedf routef "/users/%i/posts/%s" getPost</code></example>
    let templatedf
        (router: PrintfFormat<'a, 'b, 'c, 'd, 'T> -> ('T -> HttpHandler) -> HttpHandler)
        (path: PrintfFormat<'a, 'b, 'c, 'd, 'T>)
        (handler: 'T -> HttpHandler)
        : HttpHandler =
        let route = router path (Templates.matchedWith (Templates.ofFormat path.Value) handler)

        fun next -> route next |> Templates.entering

    /// <summary>Gives a route that binds its parameters, <c>routeBind</c> or <c>routexp</c>, its template as the handler label.</summary>
    /// <param name="router">Any router from a path and a function to a handler.</param>
    /// <param name="path">The path, which is the label.</param>
    /// <param name="handler">Gets what the path matched.</param>
    /// <example><code>GET >=> templatedBind routeBind&lt;Person> "/people/{first}/{last}" greet</code></example>
    let templatedBind (router: string -> ('T -> HttpHandler) -> HttpHandler) (path: string) (handler: 'T -> HttpHandler) : HttpHandler =
        let route = router path (Templates.matchedWith (Templates.ofPath path) handler)

        fun next -> route next |> Templates.entering

    /// <summary>Gives the routes within a <c>subRouteCi</c> its prefix as it is written here, and not as the first client wrote it.</summary>
    /// <param name="router">Any router from a prefix and the handler behind it: <c>subRouteCi</c>. A <c>subRoute</c> does not need it.</param>
    /// <param name="path">The prefix.</param>
    /// <param name="handler">What stands behind the prefix.</param>
    /// <example><code>templatedSub subRouteCi "/api" (choose [ templated route "/users" >=> getUsers ])</code></example>
    let templatedSub (router: string -> HttpHandler -> HttpHandler) (path: string) (handler: HttpHandler) : HttpHandler =
        let template = Templates.ofPath path

        let route = router path (fun next -> handler next |> Templates.matched template)

        fun next -> route next |> Templates.entering

    /// <summary>Answers with all metrics as <c>writeMetrics</c> does, with options.</summary>
    /// <param name="options">Limits, compression, self-metrics; the registry, if it is to be another one; and whether scrapes are measured themselves.</param>
    /// <param name="instrumentation">Whose registry is shown.</param>
    /// <remarks>Raises <c>InvalidConfigException</c> at once when a value of the options cannot work, and <c>InvalidOperationException</c> when a
    /// family has the name of a self-metric.</remarks>
    /// <example><code>GET_HEAD >=> route "/metrics" >=> writeMetricsWith (ScrapeOptions(Gzip = true)) instrumentation</code></example>
    let writeMetricsWith (options: ScrapeOptions) (instrumentation: Instrumentation) : HttpHandler =
        let registry () =
            options.Registry |> Option.ofObj |> Option.defaultValue instrumentation.Registry

        let endpoint = ScrapeEndpoint(options, registry)

        if isOn instrumentation then
            endpoint.Start()

            fun _ ctx -> task {
                if not options.Measured then
                    (TrackedRequest.OrNote ctx).Ignore()

                do! endpoint.AnswerAsync ctx
                return Some ctx
            }
        else
            fun _ _ -> System.Threading.Tasks.Task.FromResult None

    /// <summary>Answers with all metrics of the instrumentation's registry, in the format that the reader asks for: Prometheus's text, or OpenMetrics.</summary>
    /// <remarks>
    /// Scrapes leave no trace themselves, wherever it stands. It skips the request (<c>None</c>) where the environment variable of
    /// <c>Config.enabledBy</c> is not on.
    /// </remarks>
    /// <example><code>GET_HEAD >=> route "/metrics" >=> writeMetrics instrumentation</code></example>
    let writeMetrics (instrumentation: Instrumentation) : HttpHandler =
        writeMetricsWith (ScrapeOptions()) instrumentation
