namespace Instrumentator.Giraffe

open System
open System.Threading
open System.Threading.Tasks
open Instrumentator
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging.Abstractions

/// The live page for Giraffe's own router, which has no endpoints whose conventions could decide who may see it.
[<AutoOpen>]
module PageHandlers =

    let private wayOut =
        "Only authenticated users see it: put authentication before Giraffe, app.UseAuthentication(). "
        + "Or show it to everybody: writePageWith (PageOptions(AllowAnonymous = true)) instrumentation"

    let private isDevelopment (services: IServiceProvider) =
        match services.GetService<IHostEnvironment>() with
        | null -> false
        | host -> host.IsDevelopment()

    let private isAuthenticated (ctx: HttpContext) =
        ctx.User.Identities |> Seq.exists _.IsAuthenticated

    let private isAllowed (options: PageOptions) (ctx: HttpContext) =
        options.AllowAnonymous
        || isAuthenticated ctx
        || isDevelopment (HandlerInstrumentation.ServicesOf ctx)

    // The page is at the prefix that the router has matched, its data below it.
    let private answerOf (page: LivePage) (ctx: HttpContext) : (HttpContext -> Task) option =
        match Templates.restOfPath ctx with
        | ""
        | "/" -> Some LivePage.AnswerPageAsync
        | "/data" -> Some page.AnswerDataAsync
        | _ -> None

    let private start (options: PageOptions) (shown: Instrumentation) =
        let find () : Instrumentation | null =
            if Handlers.isOn shown then shown else null

        let page =
            LivePage(options, Func<Instrumentation | null> find, null, TimeProvider.System, NullLogger.Instance)

        page.Start null
        page

    /// <summary>Writes the live page as <c>writePage</c> does, with options.</summary>
    /// <param name="options">The title, the bounds of the history, another instrumentation if needed, and whether
    /// everybody may see the page.</param>
    /// <param name="instrumentation">The instrumentation whose metrics are shown.</param>
    /// <remarks>Raises <c>InvalidConfigException</c> immediately when a value of the options or the instrumentation is
    /// invalid.</remarks>
    /// <example><code>
    /// GET_HEAD >=> subRoute "/metrics-live" (writePageWith (PageOptions(AllowAnonymous = true)) instrumentation)
    /// </code></example>
    let writePageWith (options: PageOptions) (instrumentation: Instrumentation) : HttpHandler =
        let shown = options.Instrumentation |> Option.ofObj |> Option.defaultValue instrumentation

        let page = start options shown
        let isOn = Handlers.isOn shown
        let off = SwitchedOffEndpoint(shown.Config, Handlers.variable)
        let refusals = ref 0

        let refuse ctx =
            if Interlocked.Exchange(&refusals.contents, 1) = 0 then
                Log.PageNotShown(AppLogger.Of(HandlerInstrumentation.ServicesOf ctx), "of writePage", wayOut)

            Task.FromResult None

        fun _ ctx ->
            match answerOf page ctx with
            | None -> Task.FromResult None
            | Some _ when not (isAllowed options ctx) -> refuse ctx
            | Some answer -> task {
                if not isOn then
                    off.LogOnce ctx

                (TrackedRequest.OrNote ctx).IsIgnored <- true
                do! answer ctx
                return Some ctx
              }

    /// <summary>Writes a page that shows in a browser what the app does now: requests, errors, latency, handlers and
    /// metrics of its own in the last 1, 5 and 15 minutes.</summary>
    /// <remarks>
    /// <para>Put it behind <c>subRoute</c> or another router with a prefix: it answers the path of the prefix with the
    /// page, <c>/data</c> below it with the data of the page, and skips all other requests (<c>None</c>).</para>
    /// <para>Outside Development, it answers only requests of authenticated users, and skips all others like an unknown
    /// route; a line in the log says so once. <c>writePageWith</c> can let everybody see it.</para>
    /// <para>The history begins when the handler is created. The registry is then read once a second. The page is not
    /// recorded, wherever it is placed. With endpoint routing, use <c>mapInstrumentatorPage</c> instead.</para>
    /// </remarks>
    /// <example><code>GET_HEAD >=> subRoute "/metrics-live" (writePage instrumentation)</code></example>
    let writePage (instrumentation: Instrumentation) : HttpHandler =
        writePageWith (PageOptions()) instrumentation
