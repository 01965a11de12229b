/// Runs apps in memory with their own registry, and reads the recorded metrics.
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

/// Returns the series of a family, one line each: label values and value.
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

/// Returns the series of `http_requests_total`: `/items/{id} GET 2xx 3`.
let requests (registry: Registry) = series "http_requests_total" registry

/// Returns the handler labels of `http_requests_total`.
let handlers (registry: Registry) = [ for line in requests registry -> line.Split(' ')[0] ]

/// A clock that advances by a quarter of a second at each reading.
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

/// Sends a request. Returns None if the app threw, because the test server rethrows the exception.
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

/// Runs an app, sends GET requests and returns their status codes; 0 if the app threw.
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

/// Waits until a condition holds, for ten seconds at most.
let eventually (condition: unit -> bool) (seen: unit -> string) : Task = task {
    let mutable rest = 500

    while rest > 0 && not (condition ()) do
        rest <- rest - 1
        do! Task.Delay(20, TestContext.Current.CancellationToken)

    Assert.True(condition (), seen ())
}

/// Returns the default metrics with a new registry.
let fresh () =
    Instrumentation.defaults |> Instrumentation.withRegistry (Registry())

/// Creates the context of a request without a server.
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
