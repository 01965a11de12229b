/// An app in memory, with a registry of its own, and what it recorded.
module TestApp

open System
open System.Net.Http
open System.Threading
open System.Threading.Tasks
open Giraffe
open Instrumentator.Giraffe
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.TestHost
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging
open Xunit

/// What a registry holds of a family, a line a series: its labels' values and its value.
let series (family: string) (registry: Registry) = [
    for one in registry.Scrape().Families do
        if one.Definition.Name = family then
            for sample in one.Samples do
                let value =
                    sample.Value.Match(
                        (fun counter -> counter.Value),
                        (fun gauge -> gauge.Value),
                        (fun histogram -> float histogram.Count),
                        _.Sum
                    )

                String.Join(' ', sample.Labels.Values) + $" {value}"
]

/// What was counted: `/items/{id} GET 2xx 3`.
let requests (registry: Registry) = series "http_requests_total" registry

/// The handler labels that were counted.
let handlers (registry: Registry) = [ for line in requests registry -> line.Split(' ')[0] ]

/// A clock that advances a quarter of a second at each reading.
type QuarterSeconds() =
    inherit TimeProvider()
    let mutable readings = 0L
    override _.TimestampFrequency = 4L
    override _.GetTimestamp() = Interlocked.Increment &readings

let start (configure: WebApplication -> unit) = task {
    let builder = WebApplication.CreateSlimBuilder()
    builder.WebHost.UseTestServer() |> ignore
    builder.Logging.ClearProviders() |> ignore

    builder.Services.AddRouting().AddSingleton<TimeProvider>(QuarterSeconds())
    |> ignore

    builder.Services.AddGiraffe() |> ignore
    let app = builder.Build()
    configure app
    do! app.StartAsync TestContext.Current.CancellationToken
    return app
}

/// Sends a request; None where the app threw, which is the server's own business.
let trySend
    (method: string)
    (path: string)
    (body: byte array)
    (app: WebApplication)
    : Task<HttpResponseMessage option> = task {
    use request = new HttpRequestMessage(HttpMethod method, path)

    if body.Length > 0 then
        request.Content <- new ByteArrayContent(body)

    try
        let! response = app.GetTestClient().SendAsync(request, TestContext.Current.CancellationToken)
        return Some response
    with e when e.Message = "boom" ->
        return None
}

/// Runs an app for some requests of GET, and gives their statuses; 0 where it threw.
let run (configure: WebApplication -> unit) (paths: string list) : Task<int list> = task {
    let! app = start configure
    use _ = app
    let statuses = ResizeArray()

    for path in paths do
        let! response = app |> trySend "GET" path [||]

        statuses.Add(
            response
            |> Option.map (fun response -> int response.StatusCode)
            |> Option.defaultValue 0
        )

    return List.ofSeq statuses
}

/// The default metrics in a registry of their own.
let fresh () =
    Instrumentation.defaults |> Instrumentation.withRegistry (Registry())

/// A request that no server made.
let context (method: string) (path: string) =
    let ctx = DefaultHttpContext()
    ctx.Request.Method <- method
    ctx.Request.Path <- PathString path
    ctx :> HttpContext

// Handlers.

let skip: HttpHandler = fun _ _ -> skipPipeline

let skipLater: HttpHandler =
    fun _ _ -> task {
        do! Task.Yield()
        return None
    }

let boom: HttpHandler = fun _ _ -> failwith "boom"

let boomLater: HttpHandler =
    fun _ _ -> task {
        do! Task.Yield()
        return failwith "boom"
    }
