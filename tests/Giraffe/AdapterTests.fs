/// What the adapter does with a handler, whichever combinators made it: compiled here with a few combinators of our
/// own, in ecosystem/ with the real Giraffe.
module AdapterTests

open System
open System.Collections.Generic
open System.Threading.Tasks
open Giraffe
open Instrumentator.Giraffe
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Http.Features
open Microsoft.AspNetCore.TestHost
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging
open TestApp
open Xunit

// ── instrument ─────────────────────────────────────────────────────────────────────────────────

let private instrumented (instrumentation: Instrumentation) (handler: HttpHandler) =
    (handler |> instrument instrumentation) earlyReturn

[<Fact>]
let ``The response of a handler is recorded once, with its status code`` () = task {
    let it = fresh ()
    let app = instrumented it (templated route "/ping" >=> setStatusCode 204)

    let! result = context "GET" "/ping" |> app

    Assert.Equal(204, result.Value.Response.StatusCode)
    Assert.Equal<string list>([ "/ping GET 2xx 1" ], requests it.Registry)
}

[<Fact>]
let ``A request that a handler skips is not recorded and continues to the next middleware`` () = task {
    let it = fresh ()

    let! statuses =
        run (fun app -> app.UseGiraffe(choose [ route "/a" >=> skip; route "/b" >=> skipLater ] |> instrument it)) [
            "/a"
            "/b"
            "/c"
        ]

    Assert.Equal<int list>([ 404; 404; 404 ], statuses)
    Assert.Empty(requests it.Registry)
}

[<Fact>]
let ``The path of a request that a handler skips does not count towards the limit of paths`` () = task {
    let it =
        fresh ()
        |> Instrumentation.configure (
            Config.untemplated (Untemplated.Path 1)
            >> Config.inProgress (
                Some {
                    InProgress.defaults with
                        Labels = true
                }
            )
        )

    let app = instrumented it (choose [ route "/mine" >=> text "mine" ])

    for path in [ "/a"; "/b"; "/mine" ] do
        let! _ = context "GET" path |> app
        ()

    Assert.Equal<string list>([ "/mine GET 2xx 1" ], requests it.Registry)
    Assert.Equal<string list>([ "/mine GET 0" ], series "http_requests_inprogress" it.Registry)
}

[<Fact>]
let ``A handler that throws is recorded as a 500, and the exception propagates`` () = task {
    let it = fresh ()

    let! statuses =
        run
            (fun app ->
                app.UseGiraffe(
                    choose [ templated route "/now" >=> boom; templated route "/later" >=> boomLater ]
                    |> instrument it
                ))
            [ "/now"; "/later" ]

    Assert.Equal<int list>([ 0; 0 ], statuses)
    Assert.Equal<string list>([ "/now GET 5xx 1"; "/later GET 5xx 1" ], requests it.Registry)
}

[<Fact>]
let ``The inner result is returned unchanged`` () =
    let answered = Task.FromResult(Some(context "GET" "/"))
    let skipped: HttpFuncResult = Task.FromResult None

    Assert.Same(answered, context "GET" "/" |> instrumented (fresh ()) (fun _ _ -> answered))
    Assert.Same(skipped, context "GET" "/" |> instrumented (fresh ()) (fun _ _ -> skipped))

[<Fact>]
let ``The handler's closure is created once, and not for each request`` () = task {
    let mutable made = 0

    let handler: HttpHandler =
        fun next ->
            made <- made + 1
            next

    let routes: HttpHandler -> HttpHandler = fun handler -> templated route "/" >=> handler
    let app = instrumented (fresh ()) (routes handler)

    for _ in 1..3 do
        let! _ = context "GET" "/" |> app
        ()

    Assert.Equal(1, made)
}

[<Fact>]
let ``Within instrument of another instrumentation a request is recorded once by each`` () = task {
    let outer, inner = fresh (), fresh ()

    let app =
        choose [
            templated route "/a" >=> text "a" |> instrument inner
            route "/b" >=> text "b"
        ]
        |> instrumented outer

    for path in [ "/a"; "/a"; "/b" ] do
        let! _ = context "GET" path |> app
        ()

    Assert.Equal<string list>([ "/a GET 2xx 2"; "none GET 2xx 1" ], requests outer.Registry)
    Assert.Equal<string list>([ "/a GET 2xx 2" ], requests inner.Registry)
}

[<Fact>]
let ``Within instrument of the same instrumentation a request is recorded once`` () = task {
    let it = fresh ()

    let app =
        choose [ templated route "/a" >=> text "a" |> instrument it; route "/b" >=> text "b" ]
        |> instrumented it

    for path in [ "/a"; "/a"; "/b" ] do
        let! _ = context "GET" path |> app
        ()

    Assert.Equal<string list>([ "/a GET 2xx 2"; "none GET 2xx 1" ], requests it.Registry)
}

[<Fact>]
let ``Within UseInstrumentator each request is recorded once, a skipped one with its final status`` () = task {
    let outer, inner = fresh (), fresh ()

    let configure (app: WebApplication) =
        app
        |> useInstrumentator outer
        |> _.UseGiraffe(templated route "/a" >=> text "a" |> instrument inner)

    let! statuses = run configure [ "/a"; "/nowhere" ]

    Assert.Equal<int list>([ 200; 404 ], statuses)
    Assert.Equal<string list>([ "/a GET 2xx 1"; "none GET 4xx 1" ], requests outer.Registry)
    Assert.Equal<string list>([ "/a GET 2xx 1" ], requests inner.Registry)
}

/// Sends three requests, made of the features of the outer one, to a web app at once.
let private batch (isShared: bool) (app: unit -> HttpFunc) : HttpHandler =
    fun _ ctx -> task {
        let send (path: string) : Task = task {
            let features =
                if isShared then
                    FeatureCollection ctx.Features
                else
                    FeatureCollection()

            if not isShared then
                for feature in ctx.Features do
                    features[feature.Key] <- feature.Value

            features.Set<IItemsFeature>(ItemsFeature())
            features.Set<IHttpRequestFeature>(HttpRequestFeature(Method = "GET", Path = path))
            features.Set<IHttpResponseFeature>(HttpResponseFeature())
            let nested = DefaultHttpContext features
            nested.Response.Body <- new IO.MemoryStream()
            do! Task.Yield()
            let! _ = app () nested
            ()
        }

        do! Task.WhenAll [ for path in [ "/users/1"; "/nowhere"; "/users/2" ] -> send path ]
        return Some ctx
    }

[<Theory>]
[<InlineData(false, false)>]
[<InlineData(false, true)>]
[<InlineData(true, false)>]
[<InlineData(true, true)>]
let ``Templates of requests within a request stay with them`` (isShared: bool) (isInstrumented: bool) = task {
    let options = {
        InProgress.defaults with
            Labels = true
    }

    for rules in
        [
            Config.longLived None
            Config.inProgress (Some options)
            Config.bodySizes BodySizes.Actual
        ] do
        let it, other = fresh () |> Instrumentation.configure rules, fresh ()
        let mutable app: HttpFunc = earlyReturn

        let routes =
            choose [
                templated route "/batch" >=> batch isShared (fun () -> app)
                templatedf routef "/users/%i" (fun (_: int) -> text "user")
            ]

        app <-
            if isInstrumented then
                (routes |> instrument it |> instrument other) earlyReturn
            else
                routes earlyReturn

        let! statuses =
            run
                (fun builder ->
                    builder |> useInstrumentator it |> ignore

                    builder.MapGet("/batch", RequestDelegate(fun ctx -> routes earlyReturn ctx))
                    |> ignore

                    builder.UseGiraffe routes)
                [ "/batch"; "/users/3" ]

        Assert.Equal<int list>([ 200; 200 ], statuses)
        let users = if isInstrumented then 3 else 1

        Assert.Equal<string list>(
            [ "/batch GET 2xx 1"; $"/users/{{i0}} GET 2xx {users}" ],
            requests it.Registry |> List.sort
        )

        Assert.Equal<string list>((if isInstrumented then [ "/users/{i0} GET 2xx 2" ] else []), requests other.Registry)

        for line in series "http_requests_inprogress" it.Registry do
            Assert.EndsWith(" 0", line)
}

[<Theory>]
[<InlineData(false)>]
[<InlineData(true)>]
let ``A startup filter measures what middleware before a Giraffe app answers`` (isCalled: bool) = task {
    let it = fresh ()
    let builder = WebApplication.CreateSlimBuilder()
    builder.WebHost.UseTestServer() |> ignore
    builder.Logging.ClearProviders() |> ignore

    builder.Services.AddInstrumentator(it).AddInstrumentatorStartupFilter().AddGiraffe()
    |> ignore

    use app = builder.Build()

    let deny (ctx: HttpContext) (next: RequestDelegate) : Task =
        if ctx.Request.Path.Value = "/denied" then
            ctx.Response.StatusCode <- 401
            Task.CompletedTask
        else
            next.Invoke ctx

    app.Use(Func<HttpContext, RequestDelegate, Task> deny) |> ignore

    if isCalled then
        app |> useInstrumentator it |> ignore

    app.UseGiraffe(
        choose [
            route "/metrics" >=> writeMetrics it
            templatedf routef "/users/%i" (fun (_: int) -> text "user") |> instrument it
        ]
    )

    do! app.StartAsync TestContext.Current.CancellationToken

    for path in [ "/denied"; "/users/5"; "/metrics"; "/nowhere" ] do
        let! _ = app |> trySend "GET" path [||]
        ()

    Assert.Equal<string list>([ "none GET 4xx 2"; "/users/{i0} GET 2xx 1" ], requests it.Registry)
}

[<Fact>]
let ``Two parts of an app share their metrics`` () = task {
    let it = fresh ()

    let app =
        choose [
            templated route "/a" >=> text "a" |> instrument it
            route "/unmeasured" >=> text "u"
            templated route "/b" >=> text "b" |> instrument it
        ]

    let! _ = run (fun builder -> builder.UseGiraffe app) [ "/a"; "/b"; "/unmeasured"; "/b" ]

    Assert.Equal<string list>([ "/a GET 2xx 1"; "/b GET 2xx 2" ], requests it.Registry)
}

[<Fact>]
let ``An invalid instrumentation raises when it is applied to a handler`` () =
    let broken = fresh () |> Instrumentation.configure (Config.excludedHandlers [ "(" ])
    let taken = fresh ()
    taken.Registry.Gauge("http_requests_total", "Another.") |> ignore

    Assert.Throws<Instrumentator.InvalidConfigException>(fun () ->
        earlyReturn |> (text "" |> instrument broken) |> ignore)
    |> ignore

    Assert.Throws<InvalidOperationException>(fun () -> earlyReturn |> (text "" |> instrument taken) |> ignore)
    |> ignore

[<Fact>]
let ``Switched off, instrument returns the handler unchanged and registers nothing`` () =
    let it =
        fresh ()
        |> Instrumentation.configure (Config.enabledBy (Some "A_VARIABLE_THAT_IS_NOT_SET"))

    let handler = text "a"

    Assert.Same(handler, handler |> instrument it)
    Assert.Empty(it.Registry.Scrape().Families)

let private withGauge () =
    let options = {
        InProgress.defaults with
            Labels = true
    }

    fresh () |> Instrumentation.configure (Config.inProgress (Some options))

[<Fact>]
let ``Within an endpoint only the template of the handler has a gauge of requests in progress`` () = task {
    let it = withGauge ()
    let func = (templated route "/a" >=> text "a") earlyReturn

    let configure (app: WebApplication) =
        (app |> useInstrumentator it).Map("/{**rest}", RequestDelegate(fun ctx -> func ctx))
        |> ignore

    let! _ = run configure [ "/a" ]

    Assert.Equal<string list>([ "/a GET 0" ], series "http_requests_inprogress" it.Registry)
}

[<Fact>]
let ``A request whose method a handler changes keeps its own in all metrics`` () = task {
    let it =
        fresh ()
        |> Instrumentation.configure (
            Config.inProgress (
                Some {
                    InProgress.defaults with
                        Labels = true
                }
            )
        )

    let asPut: HttpHandler =
        fun next ctx ->
            ctx.Request.Method <- "PUT"
            next ctx

    let app = instrumented it (asPut >=> templated route "/ping" >=> text "pong")

    let! _ = context "POST" "/ping" |> app

    Assert.Equal<string list>([ "/ping POST 2xx 1" ], requests it.Registry)
    Assert.Equal<string list>([ "/ping POST 0" ], series "http_requests_inprogress" it.Registry)
}

[<Fact>]
let ``Requests in progress are counted under their template until they end`` () = task {
    let it = withGauge ()

    let inProgress () =
        series "http_requests_inprogress" it.Registry

    let look: HttpHandler =
        fun next ctx ->
            Assert.Contains("/look GET 1", inProgress ())
            next ctx

    let app =
        choose [
            templated route "/look" >=> look
            templated route "/skip" >=> skipLater
            templated route "/boom" >=> boomLater
        ]
        |> instrument it

    let! statuses = run (fun builder -> builder.UseGiraffe app) [ "/look"; "/skip"; "/boom" ]

    Assert.Equal<int list>([ 200; 404; 0 ], statuses)
    Assert.Equal<string list>([ "/boom GET 0"; "/look GET 0" ], List.sort (inProgress ()))
}

// ── templates of Giraffe's own router ──────────────────────────────────────────────────────────

[<CLIMutable>]
type Person = { First: string; Age: int }

let private classic: HttpHandler =
    choose [
        templated route "/ping" >=> text "pong"
        templated routeCi "/Loud" >=> text "LOUD"
        templated routex "/x(/?)" >=> text "x"
        templatedf routef "/users/%i" (fun id -> text $"{id}")
        templatedf routef "/users/%i/posts/%s" (fun (id, slug) -> text $"{id} {slug}")
        templatedf routeCif "/Guids/%O" (fun (id: Guid) -> text $"{id}")
        templatedBind routeBind<Person> "/people/{first}/{age}" (fun person -> text $"{person.First} {person.Age}")
        templatedBind routexp "/exp/(.*)" (fun groups -> text (String.concat " " groups))
        subRoute
            "/api"
            (choose [
                templated route "" >=> text "api"
                templated route "/a" >=> text "a"
                subRouteCi
                    "/v1"
                    (choose [
                        templated route "/b" >=> text "b"
                        templatedf routef "/c/%i" (fun id -> text $"{id}")
                    ])
            ])
        templatedSub
            subRouteCi
            "/Ci"
            (choose [
                templated route "/a" >=> text "a"
                templatedSub subRoute "/deep" (templated route "/b" >=> text "b")
                text "other"
            ])
        templatedf subRoutef "/shops/%s" (fun shop ->
            choose [
                templated route "/goods" >=> text shop
                subRoute "/plain" (templated route "/a" >=> text "a")
                templatedf subRoutef "/parts/%i" (fun part ->
                    choose [
                        templatedf routef "/of/%i" (fun whole -> text $"{part} {whole}")
                        route "/untold" >=> text "u"
                    ])
            ])
        route "/untold" >=> text "u"
    ]

[<Theory>]
[<InlineData("/ping", "/ping")>]
[<InlineData("/LOUD", "/Loud")>]
[<InlineData("/x/", "/x(/?)")>]
[<InlineData("/users/5", "/users/{i0}")>]
[<InlineData("/users/5/posts/a-b", "/users/{i0}/posts/{s1}")>]
[<InlineData("/guids/11111111-2222-3333-4444-555555555555", "/Guids/{O0}")>]
[<InlineData("/people/ann/30", "/people/{first}/{age}")>]
[<InlineData("/people/ann/young", "none")>]
[<InlineData("/exp/1", "/exp/(.*)")>]
[<InlineData("/api", "/api")>]
[<InlineData("/api/a", "/api/a")>]
[<InlineData("/api/v1/b", "/api/v1/b")>]
[<InlineData("/api/v1/c/7", "/api/v1/c/{i0}")>]
[<InlineData("/CI/a", "/Ci/a")>]
[<InlineData("/ci/deep/b", "/Ci/deep/b")>]
[<InlineData("/ci/else", "/Ci")>]
[<InlineData("/shops/north/goods", "/shops/{s0}/goods")>]
[<InlineData("/shops/north/plain/a", "/shops/{s0}/plain/a")>]
[<InlineData("/shops/north/parts/4/of/5", "/shops/{s0}/parts/{i1}/of/{i2}")>]
[<InlineData("/shops/north/parts/4/untold", "/shops/{s0}/parts/{i1}")>]
[<InlineData("/untold", "none")>]
[<InlineData("/nowhere", "none")>]
let ``The label is the template of the route, joined with the outer ones`` (path: string, label: string) = task {
    let it = fresh ()
    let! _ = run (fun app -> app |> useInstrumentator it |> _.UseGiraffe(classic)) [ path ]
    Assert.Equal<string list>([ label ], handlers it.Registry)
}

[<Fact>]
let ``The last template that matched wins`` () = task {
    let it = fresh ()

    let app =
        templated routeStartsWith "/a"
        >=> choose [
            templated route "/a/b" >=> text "b"
            templatedf routef "/a/%s/c" text
            text "rest"
        ]
        |> instrument it

    let! _ = run (fun builder -> builder.UseGiraffe app) [ "/a/b"; "/a/x/c"; "/a/z/z" ]

    Assert.Equal<string list>([ "/a/b"; "/a/{s0}/c"; "/a" ], handlers it.Registry)
}

[<Fact>]
let ``The template of a branch that skips is discarded`` () = task {
    let it = fresh ()

    let app =
        choose [
            templated route "/a" >=> skip
            templatedf subRoutef "/%s" (fun _ -> choose [ templated route "/deep" >=> skipLater ])
            templatedSub subRoute "/s" (templated route "/s" >=> skip)
            route "/a" >=> text "a"
            routeStartsWith "/s" >=> text "s"
            templatedf routef "/%s/deep" text
        ]
        |> instrument it

    let! statuses = run (fun builder -> builder.UseGiraffe app) [ "/a"; "/s/s"; "/b/deep" ]

    Assert.Equal<int list>([ 200; 200; 200 ], statuses)
    Assert.Equal<string list>([ "none GET 2xx 2"; "/{s0}/deep GET 2xx 1" ], requests it.Registry)
}

let private labelled: HttpHandler =
    choose [
        routex "/(en|de)/about" >=> handlerLabel "about" >=> text "about"
        routexp "/v([0-9]+)" (fun _ -> handlerLabel "version" >=> text "v")
        subRoute
            "/api"
            (handlerLabel "api"
             >=> choose [
                 routex "/x+" >=> handlerLabel "xs" >=> text "x"
                 templated route "/t" >=> text "t"
                 text "rest"
             ])
        subRoutef "/by/%s" (fun _ -> routex "/x+" >=> handlerLabel "by" >=> text "x")
        templated route "/named" >=> handlerLabel "a name" >=> text "named"
        route "/health" >=> unmeasured >=> text "healthy"
        unmeasured >=> templated route "/live" >=> text "live"
        subRoute
            "/private"
            (unmeasured
             >=> choose [
                 unmeasured >=> route "/a" >=> skipLater
                 templated route "/a" >=> text "a"
                 routex "/x+" >=> handlerLabel "x" >=> text "x"
             ])
        routex "/boo+m" >=> unmeasured >=> boomLater
        route "/skipped" >=> unmeasured >=> skipLater
        route "/skipped" >=> handlerLabel "lost" >=> skip
        templated route "/skipped" >=> text "measured"
    ]

[<Theory>]
[<InlineData("/de/about", "about")>]
[<InlineData("/v2", "version")>]
[<InlineData("/api/xx", "xs")>]
[<InlineData("/api/t", "/api/t")>]
[<InlineData("/api/else", "api")>]
[<InlineData("/by/client/x", "by")>]
[<InlineData("/named", "a name")>]
[<InlineData("/health", "")>]
[<InlineData("/live", "")>]
[<InlineData("/private/a", "")>]
[<InlineData("/private/xx", "")>]
[<InlineData("/boooom", "")>]
[<InlineData("/skipped", "/skipped")>]
let ``Routes of any router can have a label or be unmeasured, in any nesting`` (path: string, label: string) = task {
    let byMiddleware, byHandler, inEndpoint = fresh (), fresh (), fresh ()
    let! _ = run (fun app -> app |> useInstrumentator byMiddleware |> _.UseGiraffe(labelled)) [ path ]
    let! _ = run (fun app -> app.UseGiraffe(labelled |> instrument byHandler)) [ path ]

    let mapAll (app: WebApplication) =
        let func = labelled earlyReturn

        (app |> useInstrumentator inEndpoint).Map("/{**rest}", RequestDelegate(fun ctx -> func ctx))
        |> ignore

    let! _ = run mapAll [ path ]
    let expected = if label = "" then [] else [ $"{label} GET 2xx 1" ]

    for it in [ byMiddleware; byHandler; inEndpoint ] do
        Assert.Equal<string list>(expected, requests it.Registry)
}

[<Theory>]
[<InlineData(null)>]
[<InlineData("")>]
let ``A label that is empty is an error when the app starts`` (label: string) =
    let failure = Assert.ThrowsAny<ArgumentException>(fun () -> handlerLabel label |> ignore)
    Assert.Equal("label", failure.ParamName)

[<Fact>]
let ``What clients send as a prefix becomes a label a hundred times, and no more`` () = task {
    let it = fresh ()

    let app =
        choose [
            subRoutef "/%i" (fun _ -> templated route "/capped" >=> text "a")
            subRoute "/own" (templated route "/b" >=> text "b")
        ]
        |> instrument it

    let! _ =
        run (fun builder -> builder.UseGiraffe app) [
            for i in 1..105 do
                yield $"/{i}/capped"

                yield "/own/b"
        ]

    let labels = handlers it.Registry
    Assert.Equal(102, labels.Length)
    Assert.Contains("/100/capped", labels)
    Assert.Contains("/{prefix}/capped", labels)
    Assert.Contains("/own/b", labels)
}

[<Fact>]
let ``A long prefix is no part of a label`` () = task {
    let it = fresh ()

    let app =
        choose [ subRoutef "/%s" (fun _ -> templated route "/long" >=> text "a") ]
        |> instrument it

    let prefix length = "/" + String.replicate length "x"

    let! _ =
        run (fun builder -> builder.UseGiraffe app) [
            for length in [ 10; 1023; 1024; 2000; 2001 ] do
                yield prefix length + "/long"
        ]

    Assert.Equal<string list>(
        [ prefix 10 + "/long"; prefix 1022 + "…"; "/{prefix}/long" ],
        handlers it.Registry |> List.sort
    )
}

[<Fact>]
let ``Without instrument a templated route works like a plain route`` () = task {
    let! statuses =
        run (fun app -> app.UseGiraffe classic) [ "/ping"; "/shops/north/parts/4/of/5"; "/nowhere" ]

    Assert.Equal<int list>([ 200; 200; 404 ], statuses)
}

[<Fact>]
let ``A handler that completes after its request does not affect the next request`` () = task {
    let it = fresh ()
    let late = TaskCompletionSource<HttpContext option>()

    let timeLimit: HttpHandler -> HttpHandler =
        fun handler next ctx ->
            handler next ctx |> ignore
            next ctx

    let app =
        choose [ timeLimit (templated route "/slow" >=> fun _ _ -> late.Task); text "never" ]
        |> instrumented it

    let! _ = context "GET" "/slow" |> app

    let meanwhile: HttpHandler =
        fun next ctx ->
            late.SetResult None
            next ctx

    let! _ = context "GET" "/b" |> instrumented it (templated route "/b" >=> meanwhile)

    Assert.Equal<string list>([ "/slow GET 2xx 1"; "/b GET 2xx 1" ], requests it.Registry)
}

// ── endpoints ──────────────────────────────────────────────────────────────────────────────────

module Endpoints =
    open Giraffe.EndpointRouting

    let all (it: Instrumentation) = [
        GET [
            route "/ping" (text "pong")
            routef "/users/%i" (fun (id: int) -> text $"{id}")
            routef "/users/%i/posts/%s" (fun (id: int, slug: string) -> text $"{id} {slug}")
            routef "/guids/%O" (fun (id: Guid) -> text $"{id}")
            routef "/named/%i:id/%s:slug" (fun (id: int, slug: string) -> text $"{id} {slug}")
            subRoute "/sub" [ route "/a" (text "a"); routef "/b/%i" (fun (id: int) -> text $"{id}") ]
            route "/measured" (text "m" |> instrument it)
            route "/told" (templated routeStartsWith "/told" >=> text "t")
            route "/health" (text "healthy") |> configureEndpoint disableInstrumentation
            route "/spa" (text "spa") |> configureEndpoint (withHandlerLabel "app")
        ]
    ]

    let map (it: Instrumentation) (app: WebApplication) = app.MapGiraffeEndpoints(all it)

[<Theory>]
[<InlineData("/ping", "/ping")>]
[<InlineData("/users/5", "/users/{i0}")>]
[<InlineData("/users/5/posts/a", "/users/{i0}/posts/{s1}")>]
[<InlineData("/guids/11111111-2222-3333-4444-555555555555", "/guids/{O0}")>]
[<InlineData("/named/5/a", "/named/{id}/{slug}")>]
[<InlineData("/sub/a", "/sub/a")>]
[<InlineData("/sub/b/5", "/sub/b/{i0}")>]
[<InlineData("/measured", "/measured")>]
[<InlineData("/told", "/told")>]
[<InlineData("/spa", "app")>]
let ``With endpoint routing the label is the endpoint's, without constraints`` (path: string, label: string) = task {
    let it = fresh ()
    let! statuses = run (fun app -> app |> useInstrumentator it |> Endpoints.map it) [ path; "/health" ]
    Assert.Equal<int list>([ 200; 200 ], statuses)
    Assert.Equal<string list>([ $"{label} GET 2xx 1" ], requests it.Registry)
}

[<Fact>]
let ``In a single endpoint, instrument uses the label of the endpoint`` () = task {
    let it = fresh ()
    let! _ = run (Endpoints.map it) [ "/measured"; "/ping" ]
    Assert.Equal<string list>([ "/measured GET 2xx 1" ], requests it.Registry)
}

[<Fact>]
let ``In an app without Giraffe's routing, a handler has the label of its endpoint`` () = task {
    let it = fresh ()
    let handler = (text "item" |> instrument it) earlyReturn

    let configure (app: WebApplication) =
        app.MapGet("/items/{id:int}", RequestDelegate(fun ctx -> handler ctx)) |> ignore

    let! _ = run configure [ "/items/5" ]

    Assert.Equal<string list>([ "/items/{id} GET 2xx 1" ], requests it.Registry)
}

// ── the app around ─────────────────────────────────────────────────────────────────────────────

let private teapot: ErrorHandler = fun _ _ -> clearResponse >=> setStatusCode 418 >=> text "boom"

[<Fact>]
let ``Outside the error handler the recorded status is that of the response`` () = task {
    let it = fresh ()

    let configure (app: WebApplication) =
        app |> useInstrumentator it |> _.UseGiraffeErrorHandler(teapot) |> ignore
        app.UseGiraffe(templated route "/boom" >=> boom)

    let! statuses = run configure [ "/boom" ]

    Assert.Equal<int list>([ 418 ], statuses)
    Assert.Equal<string list>([ "/boom GET 4xx 1" ], requests it.Registry)
}

[<Fact>]
let ``Inside the error handler the recorded status is that of the response, too`` () = task {
    let it = fresh ()

    let configure (app: WebApplication) =
        app.UseGiraffeErrorHandler teapot |> ignore
        app.UseGiraffe(templated route "/boom" >=> boomLater |> instrument it)

    let! statuses = run configure [ "/boom" ]

    Assert.Equal<int list>([ 418 ], statuses)
    Assert.Equal<string list>([ "/boom GET 4xx 1" ], requests it.Registry)
}

[<Fact>]
let ``With Giraffe's own router, a handler exposes the metrics`` () = task {
    let it = fresh ()

    let! app =
        start (fun app ->
            app.UseGiraffe(
                choose [
                    GET_HEAD >=> route "/metrics" >=> writeMetrics it
                    templated route "/ping" >=> text "pong" |> instrument it
                ]
            ))

    use _ = app
    let! _ = app |> trySend "GET" "/ping" [||]
    let! response = app |> trySend "GET" "/metrics" [||]
    let! body = response.Value.Content.ReadAsStringAsync TestContext.Current.CancellationToken
    let! head = app |> trySend "HEAD" "/metrics" [||]

    Assert.StartsWith("text/plain; version=0.0.4", string response.Value.Content.Headers.ContentType)
    Assert.Contains("http_requests_total{handler=\"/ping\",method=\"GET\",status=\"2xx\"} 1\n", body)
    Assert.Equal(response.Value.Content.Headers.ContentLength, head.Value.Content.Headers.ContentLength)
    Assert.Equal<string list>([ "/ping GET 2xx 1" ], requests it.Registry)
}

[<Fact>]
let ``Scrapes by the metrics handler are not recorded, wherever it is in the pipeline`` () = task {
    let outer, inner = fresh (), fresh ()

    let handler =
        choose [
            templated route "/metrics" >=> writeMetrics inner
            templated route "/ping" >=> text "pong"
        ]

    let! _ = run (fun app -> app |> useInstrumentator outer |> _.UseGiraffe(handler)) [ "/metrics"; "/ping" ]
    let! _ = run (fun app -> app.UseGiraffe(handler |> instrument inner)) [ "/metrics"; "/ping" ]

    Assert.Equal<string list>([ "/ping GET 2xx 1" ], requests outer.Registry)
    Assert.Equal<string list>([ "/ping GET 2xx 1" ], requests inner.Registry)
}

[<Fact>]
let ``The metrics handler accepts options`` () = task {
    let it, other = fresh (), Registry()
    other.Gauge("shown", "Help.").Set 1
    let options = ScrapeOptions(Registry = other, SelfMetrics = true, Measured = true)

    let! app =
        start (fun app -> app.UseGiraffe(templated route "/metrics" >=> writeMetricsWith options it |> instrument it))

    use _ = app
    let! response = app |> trySend "GET" "/metrics" [||]
    let! body = response.Value.Content.ReadAsStringAsync TestContext.Current.CancellationToken

    Assert.StartsWith("# HELP shown Help.", body)
    Assert.Contains("instrumentator_registry_series 1\n", body)
    Assert.Equal<string list>([ "/metrics GET 2xx 1" ], requests it.Registry)

    Assert.Throws<Instrumentator.InvalidConfigException>(fun () ->
        writeMetricsWith (ScrapeOptions(MaxConcurrentScrapes = 0)) it |> ignore)
    |> ignore
}

[<Fact>]
let ``The metrics handler responds in the format of the Accept header`` () = task {
    let it = fresh ()
    let ctx = context "GET" "/metrics"
    ctx.Request.Headers.Accept <- "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"

    let! _ = ctx |> writeMetrics it earlyReturn

    Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", ctx.Response.ContentType)
    Assert.Equal("Accept", string ctx.Response.Headers.Vary)
}

[<Fact>]
let ``The metrics handler forbids caches to store its response`` () = task {
    let ctx = context "GET" "/metrics"

    let! _ = ctx |> writeMetrics (fresh ()) earlyReturn

    Assert.Equal("no-store", string ctx.Response.Headers.CacheControl)
}

[<Fact>]
let ``Switched off, the metrics handler skips`` () = task {
    let it =
        fresh ()
        |> Instrumentation.configure (Config.enabledBy (Some "A_VARIABLE_THAT_IS_NOT_SET"))

    let! result = context "GET" "/metrics" |> writeMetrics it earlyReturn
    Assert.True result.IsNone
}

[<Fact>]
let ``With endpoint routing, an endpoint exposes the metrics and is not measured`` () = task {
    let it = fresh ()

    let configure (app: WebApplication) =
        app |> useInstrumentator it |> mapInstrumentator "/metrics" |> Endpoints.map it

    let! statuses = run configure [ "/ping"; "/metrics" ]

    Assert.Equal<int list>([ 200; 200 ], statuses)
    Assert.Equal<string list>([ "/ping GET 2xx 1" ], requests it.Registry)
}

[<Fact>]
let ``The metrics endpoint accepts options and conventions`` () = task {
    let it = fresh ()

    let configure (app: WebApplication) =
        app
        |> useInstrumentator it
        |> mapInstrumentatorWith (ScrapeOptions(Measured = true)) (withHandlerLabel "scrape") "/prom"
        |> ignore

    let! _ = run configure [ "/prom" ]

    Assert.Equal<string list>([ "scrape GET 2xx 1" ], requests it.Registry)
}

/// Keeps what an app logs in the category of this library: event ids.
type private Events() =
    let events = System.Collections.Concurrent.ConcurrentQueue<int>()

    member _.Ids = List.ofSeq events

    interface ILoggerProvider with
        member _.CreateLogger category = {
            new ILogger with
                member _.BeginScope _ = null
                member _.IsEnabled _ = true

                member _.Log(level, id, _, _, _) =
                    // Event 15 tells that routing comes first, as in most apps.
                    if category = "Instrumentator" && id.Id <> 15 then
                        events.Enqueue id.Id
        }

        member _.Dispose() = ()

let private eventsOf (configure: WebApplication -> unit) (paths: string list) = task {
    use events = new Events()

    let configure (app: WebApplication) =
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider events
        configure app

    let! statuses = run configure paths
    return events.Ids, statuses
}

[<Fact>]
let ``Switched off, the metrics handler logs it once`` () = task {
    let it =
        fresh ()
        |> Instrumentation.configure (Config.enabledBy (Some "A_VARIABLE_THAT_IS_NOT_SET"))

    let! events, statuses =
        eventsOf (fun app -> app.UseGiraffe(route "/metrics" >=> writeMetrics it)) [ "/metrics"; "/metrics" ]

    Assert.Equal<int list>([ 404; 404 ], statuses)
    Assert.Equal<int list>([ 13 ], events)
}

[<Fact>]
let ``A blank name of the switch is an error`` () =
    let it = fresh () |> Instrumentation.configure (Config.enabledBy (Some " "))

    let error =
        Assert.Throws<Instrumentator.InvalidConfigException>(fun () -> text "x" |> instrument it |> ignore)

    Assert.Contains("EnabledBy is blank", error.Message)

[<Fact>]
let ``An app that measures by handlers, or writes its metrics by one, has nothing to log`` () = task {
    // The endpoint shows the default registry.
    let webApp = route "/x" >=> text "x" |> instrument Instrumentation.defaults

    let! byEndpoint, _ =
        eventsOf
            (fun app ->
                app.MapInstrumentator() |> ignore
                app.MapGet("/other", Func<string>(fun () -> "x")) |> ignore
                app.UseGiraffe webApp)
            [ "/metrics"; "/x" ]

    let! byHandler, _ =
        eventsOf
            (fun app ->
                app.MapGet("/other", Func<string>(fun () -> "x")) |> ignore
                app.UseGiraffe(choose [ route "/metrics" >=> writeMetrics (fresh ()); text "x" ]))
            [ "/metrics"; "/x" ]

    Assert.Equal<int list>([], byHandler)
    Assert.Equal<int list>([], byEndpoint)
}

[<Fact>]
let ``A second instrumentation records as well, around the app and in a handler`` () = task {
    let outer, second = fresh (), fresh () |> Instrumentation.configure (Config.groupStatusCodes false)
    let handler, inner = fresh (), fresh () |> Instrumentation.configure (Config.groupStatusCodes false)

    let webApp = templated route "/x" >=> (text "x" |> instrument inner) |> instrument handler

    let! statuses =
        run
            (fun app ->
                app |> useInstrumentator outer |> useInstrumentator second |> ignore
                app.UseGiraffe webApp)
            [ "/x" ]

    Assert.Equal<int list>([ 200 ], statuses)
    Assert.Equal<string list>([ "/x GET 2xx 1" ], requests outer.Registry)
    Assert.Equal<string list>([ "/x GET 200 1" ], requests second.Registry)
    Assert.Equal<string list>([ "/x GET 2xx 1" ], requests handler.Registry)
    Assert.Equal<string list>([ "/x GET 200 1" ], requests inner.Registry)
}

let private section (keys: (string * string) list) =
    ConfigurationBuilder()
        .AddInMemoryCollection([ for key, value in keys -> KeyValuePair("Metrics:" + key, value) ])
        .Build()
        .GetSection
        "Metrics"

[<Fact>]
let ``A section of the configuration changes an instrumentation`` () =
    let it = fresh ()

    Assert.Equal(
        it
        |> Instrumentation.configure (Config.groupStatusCodes false)
        |> Instrumentation.limitSeries "http_requests_total" 7,
        it
        |> Instrumentation.withConfiguration (
            section [ "GroupStatusCodes", "false"; "SeriesLimits:http_requests_total", "7" ]
        )
    )

[<Fact>]
let ``An app measures by a section of the configuration and shows the metrics by its options`` () = task {
    let registry = Registry()
    let builder = WebApplication.CreateSlimBuilder()
    builder.WebHost.UseTestServer() |> ignore

    builder.Services.AddInstrumentator(Instrumentation.defaults |> Instrumentation.withRegistry registry)
    |> addInstrumentatorFrom (section [ "GroupStatusCodes", "false"; "Scrape:Measured", "true" ])
    |> ignore

    use app = builder.Build()
    app.UseInstrumentator() |> ignore
    app |> mapInstrumentator "/metrics" |> ignore
    do! app.StartAsync TestContext.Current.CancellationToken
    use client = app.GetTestClient()

    let! _ = client.GetStringAsync("/metrics", TestContext.Current.CancellationToken)

    Assert.Equal<string list>([ "/metrics GET 200 1" ], requests registry)
}
