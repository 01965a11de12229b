/// The minimal app.
module GiraffeApp.Start

open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.DependencyInjection
// snippet:giraffe-start
open Giraffe
open Instrumentator.Giraffe

let webApp: HttpHandler =
    choose [
        GET_HEAD >=> route "/metrics" >=> writeMetrics Instrumentation.defaults
        GET >=> templated route "/ping" >=> text "pong" // handler="/ping"
        GET >=> templatedf routef "/users/%i" (fun id -> text $"user {id}") // handler="/users/{i0}"
        setStatusCode 404 // handler="none"; a request that nothing answers is not recorded
    ]
    |> instrument Instrumentation.defaults
// endsnippet

let build (args: string array) =
    let builder = WebApplication.CreateBuilder args
    builder.Services.AddGiraffe() |> ignore
    let app = builder.Build()
    app.UseGiraffe webApp
    app
