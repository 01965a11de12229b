/// The test helpers, called from F#.
module TestingTests

open System.Net.Http
open System.Threading.Tasks
open Giraffe
open Instrumentator.Giraffe
open Instrumentator.Testing
open Microsoft.AspNetCore.TestHost
open TestApp
open Xunit

let private measuresPings (client: HttpClient) (registry: Registry) : Task = task {
    // snippet:giraffe-testing
    let! _ = client.GetAsync "/ping"

    Assert.Equal(1.0, registry.Value("http_requests_total", labels [ "handler", "/ping"; "status", "2xx" ]))
    Assert.Equal(1.0, registry.Count("http_request_duration_seconds", labels [ "handler", "/ping" ]))

    let! change =
        registry.ChangeAsync((fun () -> client.GetAsync "/ping"), "http_requests_total", labels [ "handler", "/ping" ])

    Assert.Equal(1.0, change)
    // endsnippet

    ScrapeAssert.Equal(
        """http_requests_total{handler="/ping",method="GET",status="2xx"} 2""",
        registry,
        "http_requests_total"
    )
}

[<Fact>]
let ``Values of a registry are read and compared`` () = task {
    let registry = Registry()
    let instrumentation = Instrumentation.defaults |> Instrumentation.withRegistry registry

    let webApp = GET >=> templated route "/ping" >=> text "pong"
    use! app = start (fun app -> app.UseGiraffe(webApp |> instrument instrumentation))
    use client = app.GetTestClient()
    do! measuresPings client registry
}

[<Fact>]
let ``Labels may come from a list`` () =
    let registry = Registry()
    registry.Counter("orders_total", "Orders.", "country").With("DE").Increment()

    Assert.Equal(1.0, registry.Value("orders_total", labels [ "country", "DE" ]))

    Assert.Equal(
        None,
        registry.TryValue("orders_total", labels [ "country", "FR" ])
        |> Option.ofNullable
    )

    Assert.Equal(
        2.0,
        registry.Change(
            (fun () -> registry.Counter("orders_total", "Orders.", "country").With("DE").Increment 2.0),
            "orders_total"
        )
    )

    Assert.Empty(registry.Lint())
