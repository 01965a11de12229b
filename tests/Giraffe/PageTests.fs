/// The live page as a handler and as an endpoint: where it is, who may see it, and that it leaves no trace. What it
/// looks like is no matter here.
module PageTests

open System
open System.Collections.Generic
open System.IO
open System.Security.Claims
open System.Text
open System.Text.Json
open System.Threading.Tasks
open Giraffe
open Instrumentator.Giraffe
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.TestHost
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging
open TestApp
open Xunit

/// Keeps the lines of a log that belong to an event of the page.
type private PageLog() =
    let lines = Queue<string>()
    member _.Lines = List.ofSeq lines

    interface ILoggerProvider with
        member _.CreateLogger _ = {
            new ILogger with
                member _.BeginScope _ = null
                member _.IsEnabled _ = true

                member _.Log(_, id, state, error, format) =
                    if id.Id = 22 then
                        lines.Enqueue(format.Invoke(state, error))
        }

        member _.Dispose() = ()

let private servicesOf (environment: string) (log: ILoggerProvider) : IServiceProvider =
    ServiceCollection()
        .AddSingleton<IHostEnvironment>(Internal.HostingEnvironment(EnvironmentName = environment))
        .AddLogging(fun logging -> logging.AddProvider log |> ignore)
        .BuildServiceProvider()

let private get (environment: string) (path: string) =
    let ctx = context "GET" path
    ctx.RequestServices <- servicesOf environment (new PageLog())
    ctx.Response.Body <- new MemoryStream()
    ctx

let private bodyOf (ctx: HttpContext) =
    Encoding.UTF8.GetString((ctx.Response.Body :?> MemoryStream).ToArray())

let private signIn (ctx: HttpContext) =
    ctx.User <- ClaimsPrincipal(ClaimsIdentity "test")
    ctx

let private at (prefix: string) (page: HttpHandler) : HttpFunc =
    (GET_HEAD >=> subRoute prefix page) earlyReturn

/// Returns the media type of the response; "" if the handler skips the request.
let private typeOf (app: HttpFunc) (ctx: HttpContext) = task {
    let! result = app ctx

    return
        match result with
        | Some answered -> (string answered.Response.ContentType).Split(';')[0]
        | None -> ""
}

let private typesOf (app: HttpFunc) (environment: string) (paths: string list) = task {
    let types = ResizeArray()

    for path in paths do
        let! found = get environment path |> typeOf app
        types.Add found

    return List.ofSeq types
}

/// Returns a response of the data as soon as the condition holds, after ten seconds at most.
let private dataWhen (condition: JsonElement -> bool) (app: HttpFunc) = task {
    let mutable rest = 500
    let mutable data = JsonElement()

    while rest > 0 do
        let ctx = get "Development" "/live/data"
        ctx.Request.QueryString <- QueryString "?1m=-1"
        let! _ = app ctx
        data <- JsonDocument.Parse(bodyOf ctx).RootElement
        rest <- if condition data then 0 else rest - 1
        do! Task.Delay(20, TestContext.Current.CancellationToken)

    return data
}

let private requestsIn (data: JsonElement) = [
    for slot in data.GetProperty("windows").GetProperty("1m").GetProperty("slots").EnumerateArray() do
        slot.GetProperty("requests").GetDouble()
]

[<Fact>]
let ``The page is at the prefix, its data are below it, and nothing else is`` () = task {
    let app = writePage (fresh ()) |> at "/live"

    let! found =
        typesOf app "Development" [
            "/live"
            "/live/"
            "/live/data"
            "/lively"
            "/live/other"
            "/live/data/more"
            "/live/DATA"
            "/"
        ]

    Assert.Equal<string list>([ "text/html"; "text/html"; "application/json"; ""; ""; ""; ""; "" ], found)
}

[<Fact>]
let ``The page is found behind each router that has a prefix, and behind several`` () = task {
    let page = writePage (fresh ())

    for app in
        [
            subRoute "/admin" (subRoute "/live" page)
            subRoute "/admin" (choose [ route "/other" >=> text "other"; subRoute "/live" page ])
            subRouteCi "/ADMIN/LIVE" page
            subRoutef "/%s/live" (fun (_: string) -> page)
        ] do
        let! found = typesOf (app earlyReturn) "Development" [ "/admin/live"; "/admin/live/data"; "/admin" ]
        Assert.Equal<string list>([ "text/html"; "application/json"; "" ], found)
}

[<Fact>]
let ``Responses are not cached, and HEAD has no body`` () = task {
    let app = writePage (fresh ()) |> at "/live"

    for path in [ "/live"; "/live/data" ] do
        let get, head = get "Development" path, get "Development" path
        head.Request.Method <- "HEAD"
        let! _ = app get
        let! _ = app head

        Assert.Equal("no-store", string get.Response.Headers.CacheControl)
        Assert.Equal("no-store", string head.Response.Headers.CacheControl)
        Assert.NotEqual<string>("", bodyOf get)
        Assert.Equal("", bodyOf head)
}

[<Theory>]
[<InlineData("Development", false, true)>]
[<InlineData("Development", true, true)>]
[<InlineData("Production", false, false)>]
[<InlineData("Production", true, true)>]
[<InlineData("Staging", false, false)>]
let ``Outside Development, only authenticated users see it`` (environment: string, signedIn: bool, sees: bool) = task {
    let app = writePage (fresh ()) |> at "/live"

    for path in [ "/live"; "/live/data" ] do
        let ctx = get environment path |> if signedIn then signIn else id
        let! result = app ctx

        Assert.Equal(sees, result.IsSome)
        Assert.Equal(sees, (bodyOf ctx <> ""))
}

[<Fact>]
let ``Everybody sees it if the options allow that`` () = task {
    let app = writePageWith (PageOptions(AllowAnonymous = true)) (fresh ()) |> at "/live"

    let! found = typesOf app "Production" [ "/live"; "/live/data" ]

    Assert.Equal<string list>([ "text/html"; "application/json" ], found)
}

[<Fact>]
let ``Without services, as without a host, only authenticated users see it`` () = task {
    let app = writePage (fresh ()) |> at "/live"

    let! anybody = context "GET" "/live" |> app
    let! somebody = context "GET" "/live" |> signIn |> app

    Assert.True anybody.IsNone
    Assert.True somebody.IsSome
}

[<Fact>]
let ``Who may not see it gets what an unknown route gets, and the log says once what to do`` () = task {
    use log = new PageLog()

    let app = writePage (fresh ()) |> at "/live"

    for path in [ "/live"; "/live/data"; "/live" ] do
        let ctx = get "Production" path
        ctx.RequestServices <- servicesOf "Production" log
        let! result = app ctx
        Assert.True result.IsNone
        Assert.Equal(200, ctx.Response.StatusCode)
        Assert.Empty ctx.Response.Headers

    let line = Assert.Single log.Lines
    Assert.Contains("The live page of writePage is not shown", line)
    Assert.Contains("writePageWith (PageOptions(AllowAnonymous = true))", line)
}

[<Fact>]
let ``It is not recorded, wherever it is in the pipeline`` () = task {
    let outer, inner = fresh (), fresh ()
    let options = PageOptions(AllowAnonymous = true)

    let handler it =
        choose [
            GET_HEAD >=> subRoute "/live" (writePageWith options it)
            templated route "/ping" >=> text "pong"
        ]

    let paths = [ "/live"; "/live/data"; "/ping" ]
    let! around = run (fun app -> app |> useInstrumentator outer |> _.UseGiraffe(handler outer)) paths
    let! within = run (fun app -> app.UseGiraffe(handler inner |> instrument inner)) paths

    Assert.Equal<int list>([ 200; 200; 200 ], around)
    Assert.Equal<int list>([ 200; 200; 200 ], within)
    Assert.Equal<string list>([ "/ping GET 2xx 1" ], requests outer.Registry)
    Assert.Equal<string list>([ "/ping GET 2xx 1" ], requests inner.Registry)
}

[<Fact>]
let ``Its history begins when the handler is created, and not when somebody looks`` () = task {
    let it = fresh ()
    let page = writePage it |> at "/live"
    let app = (templated route "/ping" >=> text "pong" |> instrument it) earlyReturn

    for _ in 1..3 do
        let! _ = context "GET" "/ping" |> app
        ()

    let! data = page |> dataWhen (fun data -> List.sum (requestsIn data) = 3.0)

    Assert.Equal(3.0, List.sum (requestsIn data))
    Assert.Contains("/ping", data.GetProperty("names").GetRawText())
}

[<Fact>]
let ``Options choose the title and the instrumentation`` () = task {
    let other = Instrumentation.prometheusNet (Registry())

    let! data =
        writePageWith (PageOptions(Title = "shop", Instrumentation = other)) (fresh ())
        |> at "/live"
        |> dataWhen (fun _ -> true)

    Assert.Equal("shop", data.GetProperty("title").GetString())
    Assert.Equal("http_requests_received_total", data.GetProperty("metrics").GetProperty("requests").GetString())
}

[<Fact>]
let ``Invalid options are an error when the handler is created`` () =
    let error =
        Assert.Throws<Instrumentator.InvalidConfigException>(fun () ->
            writePageWith (PageOptions(MaxHandlers = 0)) (fresh ()) |> ignore)

    Assert.Contains("MaxHandlers is 0", error.Message)

[<Fact>]
let ``Switched off, the page is there and its data say so`` () = task {
    let off =
        fresh ()
        |> Instrumentation.configure (Config.enabledBy (Some "A_VARIABLE_THAT_IS_NOT_SET"))

    let app = writePage off |> at "/live"

    let! found = typesOf app "Development" [ "/live" ]
    let! data = app |> dataWhen (fun _ -> true)

    Assert.Equal<string list>([ "text/html" ], found)
    Assert.False(data.GetProperty("enabled").GetBoolean())
}

/// Starts an app in an environment, and returns the status codes of GET requests.
let private statusesIn (environment: string) (configure: WebApplication -> unit) (paths: string list) = task {
    let builder = WebApplication.CreateSlimBuilder(WebApplicationOptions(EnvironmentName = environment))

    builder.WebHost.UseTestServer() |> ignore
    builder.Logging.ClearProviders() |> ignore
    builder.Services.AddRouting() |> ignore
    let app = builder.Build()
    use _ = app
    configure app
    do! app.StartAsync TestContext.Current.CancellationToken
    let client = app.GetTestClient()
    let statuses = ResizeArray()

    for path in paths do
        use! response = client.GetAsync(path, TestContext.Current.CancellationToken)
        statuses.Add(int response.StatusCode)

    return List.ofSeq statuses
}

[<Fact>]
let ``With endpoint routing, an endpoint is the page in Development and is not measured`` () = task {
    let it = fresh ()

    let configure (app: WebApplication) =
        app |> useInstrumentator it |> mapInstrumentatorPage "/live" |> ignore

    let! statuses = statusesIn "Development" configure [ "/live"; "/live/data"; "/lively" ]

    Assert.Equal<int list>([ 200; 200; 404 ], statuses)
    Assert.Equal<string list>([ "none GET 4xx 1" ], requests it.Registry)
}

[<Fact>]
let ``Outside Development, the endpoint needs a convention that decides who may see it`` () = task {
    let it = fresh ()

    let undecided (app: WebApplication) =
        app |> useInstrumentator it |> mapInstrumentatorPage "/live" |> ignore

    let decided (app: WebApplication) =
        app
        |> useInstrumentator it
        |> mapInstrumentatorPageWith (PageOptions(Title = "shop")) _.AllowAnonymous() "/live"
        |> ignore

    let! error =
        Assert.ThrowsAsync<InvalidOperationException>(fun () -> statusesIn "Production" undecided [] :> Task)

    let! statuses = statusesIn "Production" decided [ "/live"; "/live/data" ]

    Assert.Contains("The live page /live", error.Message)
    Assert.Equal<int list>([ 200; 200 ], statuses)
}
