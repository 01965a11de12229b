/// An app on Giraffe's own router, which sets no endpoint: its handlers set the route templates.
module GiraffeApp.WebApp

open Giraffe
open Instrumentator.Giraffe
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.DependencyInjection

// snippet:giraffe-own-metrics
let private visits = Registry.Default.Counter("shop_visits_total", "Requests by language.", "language")

// Clients choose what they send. What becomes a label comes from a list.
let private language (info: Info) =
    match
        info
        |> Info.requestHeader "Accept-Language"
        |> Option.map _.Split('-', ',', ';').[0]
    with
    | Some("de" | "en" as known) -> known
    | _ -> "other"

let metrics =
    Metric.combinedSizeWith {
        Options.defaults with
            Namespace = Some "shop"
            Method = false
    }
    |> Metric.andThen (Metric.create (fun info -> visits.With(language info).Increment()))
// endsnippet

// snippet:giraffe-config
let instrumentation =
    Instrumentation.defaults
    |> Instrumentation.andAlso metrics
    |> Instrumentation.configure (
        Config.excludedHandlers [ "^/health$" ]
        >> Config.groupStatusCodes false
        >> Config.inProgress (Some InProgress.defaults)
    )
// endsnippet

[<CLIMutable>]
type Visitor = { First: string; Last: string }

let private order: HttpHandler =
    fun next ctx -> task {
        do! ctx.Request.Body.CopyToAsync(System.IO.Stream.Null, ctx.RequestAborted)
        return! next ctx
    }

// snippet:giraffe-labels
let routes: HttpHandler =
    choose [
        GET
        >=> choose [
            templated route "/ping" >=> text "pong" // handler="/ping"
            templatedf routef "/users/%i" (fun id -> text $"user {id}") // handler="/users/{i0}"
            // handler="/hello/{first}/{last}"
            templatedBind routeBind<Visitor> "/hello/{first}/{last}" (fun visitor -> text $"Hello, {visitor.First}!")
            // handler="/shop/{s0}/items/{i1}"
            subRoute "/shop" (templatedf routef "/%s/items/%i" (fun (shop, id) -> text $"{shop} {id}"))
            templatedf subRoutef "/shops/%s" (fun shop -> // handler="/shops/{s0}/staff"
                choose [ templated route "/staff" >=> text $"staff of {shop}" ])
            routex "/(en|de)/about" >=> handlerLabel "about" >=> text "About us" // handler="about"
            templated route "/health" >=> text "healthy"
            route "/ready" >=> unmeasured >=> text "ready" // not measured at all
        ]
        POST >=> templated route "/orders" >=> order >=> setStatusCode 201
    ]
// endsnippet

// snippet:giraffe-web-app
let webApp: HttpHandler =
    choose [
        GET_HEAD >=> route "/metrics" >=> writeMetrics instrumentation
        GET_HEAD >=> subRoute "/metrics-live" (writePage instrumentation)
        routes
    ]
    |> instrument instrumentation
// endsnippet

let build (args: string array) =
    let builder = WebApplication.CreateBuilder args
    builder.Services.AddGiraffe() |> ignore
    let app = builder.Build()
    app.UseGiraffe webApp
    app
