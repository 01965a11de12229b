/// Starts the sample on a free port and scrapes it.
module SampleTests

open System
open System.Net.Http
open System.Threading.Tasks
open Microsoft.AspNetCore.Builder
open Xunit

let private scrapeAfter (paths: string list) (build: string array -> WebApplication) : Task<string> = task {
    let app =
        build [|
            "--urls"
            "http://127.0.0.1:0"
            "--environment"
            "Development" // where everybody sees the live page
            "--Logging:LogLevel:Default"
            "Warning"
        |]

    use _ = app
    do! app.StartAsync TestContext.Current.CancellationToken
    use client = new HttpClient(BaseAddress = Uri(Seq.head app.Urls))

    for path in paths do
        use! response = client.GetAsync(path, TestContext.Current.CancellationToken)
        Assert.True(response.IsSuccessStatusCode, path)

    use! _ = client.PostAsync("/orders", new StringContent "{}", TestContext.Current.CancellationToken)
    return! client.GetStringAsync("/metrics", TestContext.Current.CancellationToken)
}

[<Fact>]
let ``The sample with Giraffe's own router records the expected metrics`` () = task {
    let! scrape =
        GiraffeApp.WebApp.build
        |> scrapeAfter [
            "/ping"
            "/users/5"
            "/hello/ann/lee"
            "/shop/north/items/5"
            "/shops/north/staff"
            "/de/about"
            "/health"
            "/ready"
            "/metrics-live"
            "/metrics-live/data"
        ]

    for handler in
        [
            "/ping"
            "/users/{i0}"
            "/hello/{first}/{last}"
            "/shop/{s0}/items/{i1}"
            "/shops/{s0}/staff"
            "about"
        ] do
        Assert.Contains($"http_requests_total{{handler=\"{handler}\",method=\"GET\",status=\"200\"}} 1\n", scrape)

    Assert.Contains("http_requests_total{handler=\"/orders\",method=\"POST\",status=\"201\"} 1\n", scrape)
    Assert.Contains("shop_visits_total{language=\"other\"} 7\n", scrape)
    Assert.Contains("shop_http_combined_size_bytes_sum{handler=\"/orders\",status=\"201\"} 2\n", scrape)
    Assert.Contains("http_requests_inprogress 0\n", scrape)
    Assert.DoesNotContain("health", scrape)
    Assert.DoesNotContain("ready", scrape)
    Assert.DoesNotContain("metrics-live", scrape)
}

[<Fact>]
let ``The sample with endpoint routing records the expected metrics`` () = task {
    let! scrape =
        GiraffeApp.EndpointApp.build
        |> scrapeAfter [
            "/ping"
            "/items/5"
            "/health"
            "/some/page"
            "/metrics-live"
            "/metrics-live/data"
        ]

    for handler in [ "/items/{id}"; "pages" ] do
        Assert.Contains($"http_requests_total{{handler=\"{handler}\",method=\"GET\",status=\"2xx\"}} 1\n", scrape)

    Assert.DoesNotContain("health", scrape)
}

[<Fact>]
let ``The getting-started sample records the expected metrics`` () = task {
    let! scrape = GiraffeApp.Start.build |> scrapeAfter [ "/ping"; "/users/5"; "/users/6" ]

    Assert.Contains("http_requests_total{handler=\"/users/{i0}\",method=\"GET\",status=\"2xx\"} 2\n", scrape)
    Assert.DoesNotContain("/metrics", scrape)
}
