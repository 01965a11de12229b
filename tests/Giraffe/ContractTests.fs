/// The same requests give the same scrape as with every other adapter: see tests/Contract.
module ContractTests

open System
open System.IO
open System.Net.Http
open System.Threading.Tasks
open Giraffe
open Instrumentator.Giraffe
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.TestHost
open TestApp
open Xunit

[<CLIMutable>]
type Item = { Id: int }

[<CLIMutable>]
type Greeting = { Name: string }

[<CLIMutable>]
type Status = { Code: int }

let private read: HttpHandler =
    fun next ctx -> task {
        do! ctx.Request.Body.CopyToAsync(Stream.Null, ctx.RequestAborted)
        return! next ctx
    }

// In Giraffe's own router, routeBind has parameter names. The parameters of a format have no names.
let private classic: HttpHandler =
    choose [
        GET
        >=> choose [
            templated route "/ping" >=> text "pong"
            templatedBind routeBind<Item> "/items/{id}" (fun item -> text $"item {item.Id}")
            subRoute
                "/sub"
                (templatedBind routeBind<Greeting> "/hello/{name}" (fun greeting -> text $"hello {greeting.Name}"))
            templatedBind routeBind<Status> "/status/{code}" (fun status -> setStatusCode status.Code)
            templated route "/boom" >=> boom
        ]
        POST >=> templated route "/items" >=> read >=> setStatusCode 201
    ]

module private Endpoints =
    open Giraffe.EndpointRouting

    let all = [
        GET [
            route "/ping" (text "pong")
            routef "/items/%i:id" (fun (id: int) -> text $"item {id}")
            subRoute "/sub" [ routef "/hello/%s:name" (fun (name: string) -> text $"hello {name}") ]
            routef "/status/%i:code" setStatusCode
            route "/boom" boom
        ]
        POST [ route "/items" (read >=> setStatusCode 201) ]
    ]

    let map (app: WebApplication) = app.MapGiraffeEndpoints all

let private apps: Map<string, Instrumentation -> WebApplication -> unit> =
    Map [
        "instrument",
        (fun it app ->
            app.UseGiraffe(
                choose [
                    route "/metrics" >=> writeMetrics it
                    choose [ classic; setStatusCode 404 ] |> instrument it
                ]
            ))
        "useInstrumentator",
        (fun it app ->
            app |> useInstrumentator it |> mapInstrumentator "/metrics" |> ignore
            app.UseGiraffe classic)
        "endpoint routing", (fun it app -> app |> useInstrumentator it |> mapInstrumentator "/metrics" |> Endpoints.map)
    ]

let names = TheoryData<string>(Map.keys apps)

[<Theory>]
[<MemberData(nameof names)>]
let ``Every kind of app supports labels with an allow-list`` (name: string) = task {
    let labels = [ RequestLabel.header "X-Tenant" [ "acme" ] ]

    let it =
        fresh ()
        |> Instrumentation.withDefaultMetrics {
            DefaultMetrics.defaults with
                ExtraRequestLabels = labels
        }
        |> Instrumentation.configure (
            Config.inProgress (
                Some {
                    InProgress.defaults with
                        RequestLabels = Some labels
                }
            )
        )

    let! app = start (apps[name] it)
    use _ = app

    for tenant in [ "acme"; "ACME"; "evil" ] do
        use request = new HttpRequestMessage(HttpMethod.Get, "/ping")
        request.Headers.Add("X-Tenant", tenant)
        let! _ = app.GetTestClient().SendAsync(request, TestContext.Current.CancellationToken)
        ()

    Assert.Equal<string list>(
        [ "/ping GET 2xx acme 2"; "/ping GET 2xx other 1" ],
        series "http_requests_total" it.Registry
    )

    Assert.Equal<string list>([ "acme 0"; "other 0" ], series "http_requests_inprogress" it.Registry)
}

let private readLines (file: string) =
    File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Contract", file))

[<Theory>]
[<MemberData(nameof names)>]
let ``Every kind of app gives the same scrape`` (name: string) = task {
    let! app = start (apps[name](fresh ()))
    use _ = app

    for line in readLines "requests.txt" do
        let parts = line.Split ' '
        let size = if parts.Length > 2 then int parts[2] else 0
        let! _ = app |> trySend parts[0] parts[1] (Array.zeroCreate size)
        ()

    let! response = app |> trySend "GET" "/metrics" [||]
    let! scrape = response.Value.Content.ReadAsStringAsync TestContext.Current.CancellationToken
    Assert.Equal(String.concat "\n" (readLines "scrape.txt") + "\n", scrape)
}
