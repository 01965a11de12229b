/// The same app with Giraffe's endpoint routing: the labels come from the endpoints.
module GiraffeApp.EndpointApp

open Giraffe
open Giraffe.EndpointRouting
open Instrumentator.Giraffe
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.DependencyInjection

// snippet:giraffe-endpoints
let endpoints = [
    GET [
        route "/ping" (text "pong") // handler="/ping"
        routef "/users/%i" (fun (id: int) -> text $"user {id}") // handler="/users/{i0}"
        routef "/items/%i:id" (fun (id: int) -> text $"item {id}") // handler="/items/{id}"
        route "/health" (text "healthy") |> configureEndpoint disableInstrumentation // not measured at all
        route "/{**page}" (text "page") |> configureEndpoint (withHandlerLabel "pages") // handler="pages"
    ]
]
// endsnippet

let private oops: ErrorHandler = fun e _ -> clearResponse >=> setStatusCode 500 >=> text e.Message

let build (args: string array) =
    // snippet:giraffe-endpoint-app
    let builder = WebApplication.CreateBuilder args
    builder.Services.AddGiraffe() |> ignore

    let app =
        builder.Build()
        |> useInstrumentator Instrumentation.defaults // first: it measures what all others do
        |> mapInstrumentator "/metrics"
        |> mapInstrumentatorPageWith (PageOptions()) _.AllowAnonymous() "/metrics-live" // everybody sees the page

    app.UseGiraffeErrorHandler oops |> ignore
    app.MapGiraffeEndpoints endpoints
    // endsnippet
    app
