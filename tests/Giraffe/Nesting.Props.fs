/// However the calls for two instrumentations are nested, each records a request once.
module Nesting

open System
open System.Threading.Tasks
open FsCheck.FSharp
open Giraffe
open Instrumentator.Giraffe
open Instrumentator.Laws
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Routing
open Microsoft.AspNetCore.Routing.Patterns
open Microsoft.Extensions.DependencyInjection
open TestApp
open Xunit

/// A call for one of the two instrumentations, in a pipeline or in a branch of it.
type Call =
    | Use of int
    | UseInBranch of int

/// When the endpoint of the handler is known.
type Routing =
    | First
    | BetweenHostAndApp
    | Never

/// The calls of the host, as in a startup filter, those of the app, and those around the handler.
type Nested = {
    Host: Call list
    App: Call list
    Handlers: int list
    Routing: Routing
    HasTemplate: bool
    Throws: bool
    Later: bool
    ObservesAll: bool
}

type Cases =
    static member Nested() =
        let call = Gen.map2 (fun make one -> make one) (Gen.elements [ Use; UseInBranch ]) (Gen.choose (0, 1))

        let few one =
            Gen.choose (0, 3) |> Gen.bind (fun n -> Gen.listOfLength n one)

        let flag = Gen.elements [ true; false ]

        Arb.fromGen (
            gen {
                let! host = few call
                let! app = few call
                let! handlers = few (Gen.choose (0, 1))
                let! routing = Gen.elements [ First; BetweenHostAndApp; Never ]
                let! hasTemplate = flag
                let! throws = flag
                let! later = flag
                let! observesAll = flag

                return {
                    Host = host
                    App = app
                    Handlers = handlers
                    Routing = routing
                    HasTemplate = hasTemplate
                    Throws = throws
                    Later = later
                    ObservesAll = observesAll
                }
            }
        )

let private rules (observesAll: bool) =
    let options = {
        InProgress.defaults with
            Labels = true
    }

    if observesAll then
        Config.inProgress (Some options) >> Config.bodySizes BodySizes.Actual
    else
        Config.longLived None

let private chooseEndpoint (app: IApplicationBuilder) =
    let pattern = RoutePatternFactory.Parse "/endpoint"
    let endpoint = RouteEndpoint((fun _ -> Task.CompletedTask), pattern, 0, null, null)

    app.Use(
        Func<HttpContext, RequestDelegate, Task>(fun ctx next ->
            ctx.SetEndpoint endpoint
            next.Invoke ctx)
    )
    |> ignore

let private add (its: Instrumentation list) (app: IApplicationBuilder) (call: Call) =
    match call with
    | Use one -> app.UseInstrumentator its[one] |> ignore
    | UseInBranch one ->
        app.UseWhen((fun _ -> true), (fun branch -> branch.UseInstrumentator its[one] |> ignore))
        |> ignore

let private handler (its: Instrumentation list) (nested: Nested) : HttpHandler =
    let answer: HttpHandler =
        fun _ ctx -> task {
            if nested.Later then
                do! Task.Yield()

            if nested.Throws then
                failwith "boom"

            ctx.Response.StatusCode <- 201
            return Some ctx
        }

    let routed =
        if nested.HasTemplate then
            templated route "/x" >=> answer
        else
            answer

    List.foldBack (fun one inner -> instrument its[one] inner) nested.Handlers routed

/// The host's builder and the app's have different objects for the same services.
let private build (services: IServiceProvider) (its: Instrumentation list) (nested: Nested) =
    let scope = services.CreateScope()
    let host = ApplicationBuilder scope.ServiceProvider :> IApplicationBuilder
    let app = ApplicationBuilder services :> IApplicationBuilder

    if nested.Routing = First then
        chooseEndpoint host

    List.iter (add its host) nested.Host

    if nested.Routing = BetweenHostAndApp then
        chooseEndpoint host

    List.iter (add its app) nested.App
    app.UseGiraffe(handler its nested)
    host.Use(fun (_: RequestDelegate) -> app.Build()).Build()

let private send (services: IServiceProvider) (app: RequestDelegate) =
    use scope = services.CreateScope()
    let ctx = context "GET" "/x"
    ctx.RequestServices <- scope.ServiceProvider

    try
        app.Invoke(ctx).GetAwaiter().GetResult()
    with e when e.Message = "boom" ->
        ()

let private isUsed (nested: Nested) (one: int) =
    nested.Host @ nested.App
    |> List.exists (fun call -> call = Use one || call = UseInBranch one)
    || List.contains one nested.Handlers

let private label (nested: Nested) =
    match nested.Routing with
    | _ when nested.HasTemplate -> "/x"
    | Never -> "none"
    | First
    | BetweenHostAndApp -> "/endpoint"

[<Property(MaxTest = 1000, Arbitrary = [| typeof<Cases> |])>]
let ``Each instrumentation records each request once, however its calls are nested`` (nested: Nested) =
    let its = [
        for _ in 1..2 -> fresh () |> Instrumentation.configure (rules nested.ObservesAll)
    ]

    use services = ServiceCollection().AddLogging().AddInstrumentator().BuildServiceProvider()
    let app = build services its nested

    for _ in 1..2 do
        send services app

    for i, it in List.indexed its do
        let status = if nested.Throws then "5xx" else "2xx"

        let expected =
            if isUsed nested i then
                [ $"{label nested} GET {status} 2" ]
            else
                []

        Assert.Equal<string list>(expected, requests it.Registry)

        for line in series "http_requests_inprogress" it.Registry do
            Assert.EndsWith(" 0", line)
