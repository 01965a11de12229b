/// Error pages and error handlers with routes of Giraffe's own router: the label is that of the route that failed.
module ErrorPages

open System
open FsCheck.FSharp
open Giraffe
open Instrumentator.Giraffe
open Instrumentator.Laws
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open TestApp
open Xunit

/// What answers a request that failed.
type Page =
    | ExceptionHandler
    | StatusPages
    | Redirects
    | GiraffeErrorHandler

/// How the route of a page is labelled.
type PageLabel =
    | Plain
    | Templated
    | Labelled
    | Unmeasured

/// Where requests are measured.
type Where =
    | ByMiddleware
    | ByHandler
    | InEndpoint

type Arrangement = {
    Outside: Page list
    Inside: Page list
    PageLabel: PageLabel
    Where: Where
}

let private gone: HttpHandler = setStatusCode 410

let private labelOf (label: PageLabel) (page: string) (router: string -> HttpHandler) : HttpHandler =
    match label with
    | Plain -> router page
    | Templated -> templated router page
    | Labelled -> router page >=> handlerLabel "error page"
    | Unmeasured -> router page >=> unmeasured

let private routes (label: PageLabel) : HttpHandler =
    choose [
        templated route "/boom" >=> boom
        templatedf routef "/later/%i" (fun _ -> boomLater)
        templated route "/gone" >=> gone
        route "/named" >=> handlerLabel "a name" >=> boom
        route "/hidden" >=> unmeasured >=> boomLater
        route "/hidden/gone" >=> unmeasured >=> gone
        route "/plain/gone" >=> gone
        subRoute
            "/api"
            (choose [
                templated route "/skipped" >=> skipLater
                templated route "/boom" >=> boomLater
                templatedf subRoutef "/%i" (fun _ -> choose [ templated route "/gone" >=> gone; boom ])
            ])
        labelOf label "/error" route >=> text "error page"
        subRoute "/status" (labelOf label "/" routeStartsWith >=> text "status page")
        templated route "/fine" >=> text "fine"
    ]

/// The requests, and the label of each; None if it is not measured.
let private expected: (string * string option) list = [
    "/boom", Some "/boom"
    "/later/5", Some "/later/{i0}"
    "/gone", Some "/gone"
    "/named", Some "a name"
    "/hidden", None
    "/hidden/gone", None
    "/plain/gone", Some "none"
    "/api/boom", Some "/api/boom"
    "/api/5/gone", Some "/api/{i0}/gone"
    "/api/5/other", Some "/api/{i0}"
    "/fine", Some "/fine"
]

let private labelledError (label: PageLabel) : ErrorHandler =
    fun _ _ ->
        let routed = labelOf label "" routeStartsWith
        clearResponse >=> routed >=> setStatusCode 418 >=> text "boom"

let private usePage (label: PageLabel) (app: IApplicationBuilder) (page: Page) =
    match page with
    | ExceptionHandler -> app.UseExceptionHandler "/error" |> ignore
    | StatusPages -> app.UseStatusCodePagesWithReExecute "/status/{0}" |> ignore
    | Redirects -> app.UseStatusCodePagesWithRedirects "/status/{0}" |> ignore
    | GiraffeErrorHandler -> app.UseGiraffeErrorHandler(labelledError label) |> ignore

let private build (it: Instrumentation) (one: Arrangement) (app: WebApplication) =
    let routes = routes one.PageLabel
    one.Outside |> List.iter (usePage one.PageLabel app)

    match one.Where with
    | ByMiddleware ->
        app |> useInstrumentator it |> ignore
        one.Inside |> List.iter (usePage one.PageLabel app)
        app.UseGiraffe routes
    | ByHandler -> app.UseGiraffe(routes |> instrument it)
    | InEndpoint ->
        let func = routes earlyReturn
        app |> useInstrumentator it |> ignore
        one.Inside |> List.iter (usePage one.PageLabel app)
        app.Map("/{**rest}", RequestDelegate(fun ctx -> func ctx)) |> ignore

type Arrangements =
    static member Arrangement() =
        let pages =
            Gen.elements [ ExceptionHandler; StatusPages; Redirects; GiraffeErrorHandler ]
            |> Gen.listOf
            |> Gen.map (List.truncate 3)

        Gen.map4
            (fun outside inside label where -> {
                Outside = outside
                Inside = inside
                PageLabel = label
                Where = where
            })
            pages
            pages
            (Gen.elements [ Plain; Templated; Labelled; Unmeasured ])
            (Gen.elements [ ByMiddleware; ByHandler; InEndpoint ])
        |> Arb.fromGen

let private exact () =
    fresh () |> Instrumentation.configure (Config.groupStatusCodes false)

[<Property(MaxTest = 150, Arbitrary = [| typeof<Arrangements> |])>]
let ``A request has one record, with the label of the route that failed and the status that its client got``
    (one: Arrangement)
    =
    task {
        let it = exact ()
        let! statuses = run (build it one) (List.map fst expected)

        let records = [
            for (_, label), status in List.zip expected statuses do
                match label with
                | Some label ->
                    let label =
                        if label = "none" && one.Where = InEndpoint then
                            "/{**rest}"
                        else
                            label

                    $"{label} GET {(if status = 0 then 500 else status)} 1"
                | None -> ()
        ]

        do!
            eventually (fun () -> List.sort (requests it.Registry) = List.sort records) (fun () ->
                sprintf "%A, and not %A" (requests it.Registry) records)
    }
    :> Threading.Tasks.Task

[<Fact>]
let ``An error page's template never takes the place of the route that failed`` () = task {
    let it = exact ()

    let configure (app: WebApplication) =
        app |> useInstrumentator it |> ignore
        app.UseExceptionHandler "/error" |> ignore
        app.UseStatusCodePagesWithReExecute "/status/{0}" |> ignore

        app.UseGiraffe(
            choose [
                templated route "/boom" >=> boom
                templated route "/gone" >=> setStatusCode 410
                templated route "/error" >=> text "sorry"
                templatedf routef "/status/%i" (fun status -> text $"{status}")
            ]
        )

    let! statuses = run configure [ "/boom"; "/gone"; "/nowhere" ]

    Assert.Equal<int list>([ 500; 410; 404 ], statuses)
    Assert.Equal<string list>([ "/boom GET 500 1"; "/gone GET 410 1"; "none GET 404 1" ], requests it.Registry)
}

[<Fact>]
let ``An error page that is requested directly has its own template`` () = task {
    let it = exact ()

    let one = {
        Outside = [ StatusPages ]
        Inside = [ ExceptionHandler ]
        PageLabel = Templated
        Where = ByMiddleware
    }

    let! _ = run (build it one) [ "/error" ]

    Assert.Equal<string list>([ "/error GET 200 1" ], requests it.Registry)
}
