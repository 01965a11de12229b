/// The F# functions cover the whole core, and nothing else.
module FaceTests

open System
open System.Reflection
open System.Threading.Tasks
open Giraffe
open Instrumentator
open Instrumentator.Giraffe
open Microsoft.AspNetCore.Http
open TestApp
open Xunit

/// Returns the settable properties with their values.
let private chosen (value: 'T) = [
    for property in typeof<'T>.GetProperties(BindingFlags.Instance ||| BindingFlags.Public) do
        if property.CanWrite then
            property.Name, property.GetValue value
]

/// Every property differs from its default. A new property fails here: give it a value, and an F# function.
let private assertAllDiffer (defaults: 'T) (all: 'T) =
    for (name, value), (_, other) in List.zip (chosen defaults) (chosen all) do
        Assert.False(Object.Equals(value, other), $"{typeof<'T>.Name}.{name} is left out.")

let private gauge: InProgress = {
    Name = "busy"
    Help = "Help."
    Labels = true
    RequestLabels = Some [ RequestLabel.Method.As "verb" ]
    CustomLabels = [ "service", "shop" ]
}

let private gaugeOfCore =
    InProgressOptions(
        Name = "busy",
        Help = "Help.",
        Labels = true,
        RequestLabels = ValueList.From [ RequestLabel.Method.As "verb" ],
        CustomLabels = ValueList.From [ Label("service", "shop") ]
    )

let private everything =
    Config(
        GroupStatusCodes = false,
        Untemplated = Untemplated.Path 5,
        StaticAssets = "files",
        ExcludedHandlers = ValueList.From [ "a" ],
        BodyHandlers = ValueList.From [ "b" ],
        BodyLimit = 1,
        LatencyDecimals = 2,
        ExcludeStreamingDuration = true,
        InProgress = gaugeOfCore,
        LongLived = LongLivedOptions(GaugeName = "open"),
        ClientAborts = ClientAborts.OwnGroup,
        BodySizes = BodySizes.Actual,
        Exemplars = ExemplarOptions(Interval = TimeSpan.Zero),
        AsyncTimeout = TimeSpan.FromSeconds 1.0,
        EnabledBy = "V",
        ExtraMethods = ValueList.From [ "PURGE" ],
        HandlerTemplate = HandlerTemplate.Raw,
        LabelRejected = false,
        IncludePathBase = true,
        InitializeSeries = true
    )

let private functions: (Config -> Config) list = [
    Config.groupStatusCodes false
    Config.untemplated (Untemplated.Path 5)
    Config.staticAssets (Some "files")
    Config.excludedHandlers [ "a" ]
    Config.bodyHandlers [ "b" ]
    Config.bodyLimit 1
    Config.latencyDecimals (Some 2)
    Config.excludeStreamingDuration true
    Config.inProgress (Some gauge)
    Config.longLived (
        Some {
            LongLived.defaults with
                GaugeName = "open"
        }
    )
    Config.clientAborts ClientAborts.OwnGroup
    Config.bodySizes BodySizes.Actual
    Config.exemplars (
        Some {
            Exemplars.defaults with
                Interval = TimeSpan.Zero
        }
    )
    Config.asyncTimeout (TimeSpan.FromSeconds 1.0)
    Config.enabledBy (Some "V")
    Config.extraMethods [ "PURGE" ]
    Config.handlerTemplate HandlerTemplate.Raw
    Config.labelRejected false
    Config.includePathBase true
    Config.initializeSeries true
]

[<Fact>]
let ``Each configuration property has a function that sets it`` () =
    assertAllDiffer Config.defaults everything
    Assert.Equal(everything, functions |> List.fold (|>) Config.defaults)

[<Fact>]
let ``Each configuration function keeps all other properties`` () =
    Assert.All(functions, (fun change -> Assert.Equal(everything, change everything)))

[<Fact>]
let ``None resets an optional property`` () =
    let config =
        everything
        |> Config.latencyDecimals None
        |> Config.staticAssets None
        |> Config.inProgress None
        |> Config.longLived None
        |> Config.exemplars None
        |> Config.enabledBy None

    Assert.Equal(
        (Nullable(), null, null, null),
        (config.LatencyDecimals, config.InProgress, config.Exemplars, config.EnabledBy)
    )

    Assert.Null config.LongLived
    Assert.Null config.StaticAssets

[<Fact>]
let ``All options of metrics are passed to the core`` () =
    let registry = Registry()

    let options = {
        Options.defaults with
            Name = Some "n"
            Help = Some "h"
            Namespace = Some "s"
            Subsystem = Some "u"
            Handler = false
            Method = false
            Status = false
            RequestLabels = Some [ RequestLabel.Status.As "code"; RequestLabel.RouteValue "page" ]
            CustomLabels = [ "a", "b" ]
            Registry = Some registry
            Native = Some(NativeBuckets(Schema = 5))
            ExcludeStreamingDuration = true
    }

    let expected =
        LatencyOptions(
            Name = "n",
            Help = "h",
            Namespace = "s",
            Subsystem = "u",
            Handler = false,
            Method = false,
            Status = false,
            RequestLabels = ValueList.From [ RequestLabel.Status.As "code"; RequestLabel.RouteValue "page" ],
            CustomLabels = ValueList.From [ Label("a", "b") ],
            Registry = registry,
            Buckets = ValueList.From [ 0.5 ],
            Native = NativeBuckets(Schema = 5),
            ExcludeStreamingDuration = true
        )

    assertAllDiffer (LatencyOptions()) expected
    Assert.Equal(expected, Options.toLatency [ 0.5 ] options)
    Assert.Equal<MetricOptions>(LatencyOptions(Buckets = ValueList.From []), Options.toMetric Options.defaults)

[<Fact>]
let ``All options of the default metrics are passed to the core`` () =
    let registry = Registry()

    let options: DefaultMetrics = {
        Namespace = Some "s"
        Subsystem = Some "u"
        OnlySuccessInHighResolution = true
        HighResolutionBuckets = [ 1.0 ]
        LowResolutionBuckets = [ 2.0 ]
        Native = Some(NativeBuckets())
        ExcludeStreamingDuration = true
        ExtraRequestLabels = [ RequestLabel.header "X-Tenant" [ "acme" ] ]
        CustomLabels = [ "a", "b" ]
        Registry = Some registry
    }

    let expected =
        DefaultMetricsOptions(
            Namespace = "s",
            Subsystem = "u",
            OnlySuccessInHighResolution = true,
            HighResolutionBuckets = ValueList.From [ 1.0 ],
            LowResolutionBuckets = ValueList.From [ 2.0 ],
            Native = NativeBuckets(),
            ExcludeStreamingDuration = true,
            ExtraRequestLabels = ValueList.From [ RequestLabel.Header("X-Tenant", ValueList.From [ "acme" ]) ],
            CustomLabels = ValueList.From [ Label("a", "b") ],
            Registry = registry
        )

    assertAllDiffer (DefaultMetricsOptions()) expected
    Assert.Equal(expected, DefaultMetrics.toOptions options)
    Assert.Equal(DefaultMetricsOptions(), DefaultMetrics.toOptions DefaultMetrics.defaults)

[<Fact>]
let ``All options of the gauge of requests in progress are passed to the core`` () =
    assertAllDiffer (InProgressOptions()) gaugeOfCore
    Assert.Equal(gaugeOfCore, InProgress.toOptions gauge)
    Assert.Equal(InProgressOptions(), InProgress.toOptions InProgress.defaults)

[<Fact>]
let ``All options of long-lived requests are passed to the core`` () =
    let expected =
        LongLivedOptions(
            GaugeName = "g",
            DurationName = "d",
            DurationBuckets = ValueList.From [ 1.0 ],
            ContentTypes = ValueList.From [ "application/x-ndjson" ],
            CustomLabels = ValueList.From [ Label("a", "b") ]
        )

    assertAllDiffer (LongLivedOptions()) expected

    Assert.Equal(
        expected,
        LongLived.toOptions {
            GaugeName = "g"
            DurationName = "d"
            DurationBuckets = [ 1.0 ]
            ContentTypes = [ "application/x-ndjson" ]
            CustomLabels = [ "a", "b" ]
        }
    )

    Assert.Equal(LongLivedOptions(), LongLived.toOptions LongLived.defaults)

[<Fact>]
let ``A registry limits the series of one metric`` () =
    let registry = Registry().LimitSeries("orders_total", 1)
    let orders = registry.Counter("orders", "Orders taken.", "country")
    let lands = [ "DE"; "FR"; "IT" ]

    for land in lands do
        orders.With(land).Increment()

    let two: SampleValue | null = SampleValue.Counter 2.0
    Assert.Equal(two, registry.Scrape().Find("orders_total", [| "_overflow" |]))
    Assert.Equal(two, registry.Scrape().Find("instrumentator_series_dropped_total", [| "orders_total" |]))

[<Fact>]
let ``A family with the name of a self-metric is an error when the handler is created`` () =
    let registry = Registry()
    registry.Gauge("instrumentator_registry_series", "Mine.") |> ignore

    Assert.Throws<InvalidOperationException>(fun () ->
        Instrumentation.defaults
        |> Instrumentation.withRegistry registry
        |> writeMetricsWith (ScrapeOptions(SelfMetrics = true))
        |> ignore)

[<Fact>]
let ``All options of exemplars are passed to the core`` () =
    let exemplars =
        Exemplars.toOptions {
            Labels = Some(fun info -> [ "handler", info.Handler ])
            Interval = TimeSpan.FromSeconds 5.0
        }

    Assert.Equal(TimeSpan.FromSeconds 5.0, exemplars.Interval)
    Assert.Equal<Label seq>([ Label("handler", "none") ], exemplars.Labels.Invoke(Info()))
    Assert.Equal(ExemplarOptions(), Exemplars.toOptions Exemplars.defaults)

/// Sends requests to a handler with a changed instrumentation, and returns its registry.
let private record (change: Instrumentation -> Instrumentation) (handler: HttpHandler) (contexts: HttpContext list) =
    let it = fresh () |> change
    let app = (handler |> instrument it) earlyReturn

    for ctx in contexts do
        app(ctx).GetAwaiter().GetResult() |> ignore

    it.Registry

let private families (registry: Registry) = [ for one in registry.Scrape().Families -> one.Definition.Name ]

[<Fact>]
let ``Each metric of the core has a function`` () =
    let registry = Registry()

    let options = {
        Options.defaults with
            Registry = Some registry
    }

    let metrics =
        Metric.all [
            Metric.requestsWith options
            Metric.latencyWith options [ 0.5 ]
            Metric.requestSizeWith options
            Metric.responseSizeWith options
            Metric.combinedSizeWith options
            Metric.none
        ]

    record (Instrumentation.add metrics) id [ context "GET" "/" ] |> ignore

    Assert.Equal<string list>(
        [
            "http_requests_total"
            "http_request_duration_seconds"
            "http_request_size_bytes"
            "http_response_size_bytes"
            "http_combined_size_bytes"
        ],
        families registry
    )

    Assert.All(registry.Scrape().Families, (fun family -> Assert.Single family.Samples |> ignore))

[<Fact>]
let ``The default metrics can be added and changed`` () =
    let registry = Registry()

    let shop = {
        DefaultMetrics.defaults with
            Namespace = Some "shop"
    }

    record (Instrumentation.add (Metric.defaultsWith { shop with Registry = Some registry })) id [ context "GET" "/" ]
    |> ignore

    let changed = record (Instrumentation.withDefaultMetrics shop) id [ context "GET" "/" ]

    Assert.Equal<string list>(families registry, families changed)
    Assert.Contains("shop_http_requests_total", families changed)

[<Fact>]
let ``Metrics run in the order of their composition, if their condition holds`` () =
    let seen = ResizeArray()

    let note name =
        Metric.create (fun info -> seen.Add $"{name} {info.Method}")

    let metrics =
        note "first"
        |> Metric.andThen (note "second" |> Metric.filter (fun info -> info.Method = "GET"))
        |> Metric.andThen (note "third")

    record (Instrumentation.add metrics) id [ context "GET" "/"; context "POST" "/" ]
    |> ignore

    Assert.Equal<string>([ "first GET"; "second GET"; "third GET"; "first POST"; "third POST" ], seen)

/// The handler of the one request that an asynchronous metric function received.
let private received (metric: (Info -> unit) -> AsyncMetric) = task {
    let handler = TaskCompletionSource<string>()
    let recording = metric (fun info -> handler.SetResult info.Handler)

    let! _ =
        run
            (fun app ->
                app.UseGiraffe(
                    templated route "/a" >=> text "a"
                    |> instrument (fresh () |> Instrumentation.addAsync recording)
                ))
            [ "/a" ]

    return! handler.Task.WaitAsync(TimeSpan.FromSeconds 30.0, TestContext.Current.CancellationToken)
}

[<Fact>]
let ``A metric function that returns a task runs after the response`` () = task {
    let! handler =
        received (fun record ->
            Metric.createTask (fun info -> task {
                do! Task.Yield()
                record info
            }))

    Assert.Equal("/a", handler)
}

[<Fact>]
let ``Labels with an allow-list take their values from a header or a request`` () =
    let registry = Registry()

    let metric =
        Metric.requestsWith {
            Options.defaults with
                Registry = Some registry
                RequestLabels =
                    Some [
                        RequestLabel.header "X-Tenant" [ "acme" ] |> RequestLabel.named "tenant"
                        RequestLabel.from
                            "path"
                            (fun request -> if request.Path = "/none" then None else Some request.Path)
                            [ "/a" ]
                    ]
        }

    let sent (path: string) (tenant: string) =
        let ctx = context "GET" path
        ctx.Request.Headers["X-Tenant"] <- tenant
        ctx

    record (Instrumentation.add metric) id [ sent "/a" "ACME"; sent "/b" "evil"; sent "/none" "acme" ]
    |> ignore

    Assert.Equal<string list>([ "acme /a 1"; "other other 1"; "acme other 1" ], series "http_requests_total" registry)

[<Fact>]
let ``The gRPC status is a label`` () =
    let registry = Registry()

    let metric =
        Metric.requestsWith {
            Options.defaults with
                Registry = Some registry
                RequestLabels = Some [ RequestLabel.GrpcStatus ]
        }

    let answered (status: string) =
        let ctx = context "POST" "/shop.Orders/Get"
        ctx.Response.Headers.GrpcStatus <- status
        ctx

    record (Instrumentation.add metric) id [ answered "0"; answered "5"; context "GET" "/a" ]
    |> ignore

    Assert.Equal<string list>([ "OK 1"; "NOT_FOUND 1"; " 1" ], series "http_requests_total" registry)

[<Fact>]
let ``A metric function reads the Info through options and active patterns`` () =
    let seen = ResizeArray()

    let metric =
        Metric.create (fun info ->
            let became =
                match info with
                | Info.Succeeded -> "succeeded"
                | Info.ClientError status -> $"client {status}"
                | Info.ServerError status -> $"server {status}"

            seen.Add(
                became,
                info |> Info.requestHeader "X-Asked",
                info |> Info.responseHeader "X-Missing",
                info |> Info.exn |> Option.map _.Message
            ))

    let asked = context "GET" "/"
    asked.Request.Headers["X-Asked"] <- "yes"

    let withStatus status =
        let ctx = context "GET" "/"
        ctx.Response.StatusCode <- status
        ctx

    record (Instrumentation.add metric) id [ asked; withStatus 302; withStatus 404; withStatus 503 ]
    |> ignore

    Assert.ThrowsAny<exn>(fun () -> record (Instrumentation.add metric) boom [ context "GET" "/" ] |> ignore)
    |> ignore

    Assert.Equal<_ seq>(
        [
            "succeeded", Some "yes", None, None
            "succeeded", None, None, None
            "client 404", None, None, None
            "server 503", None, None, None
            "server 500", None, None, Some "boom"
        ],
        seen
    )

[<Fact>]
let ``ofMetrics and withMetrics replace the metrics, andAlso keeps them, and add replaces the default metrics`` () =
    let counter name =
        Metric.requestsWith {
            Options.defaults with
                Name = Some name
        }

    let names (change: Instrumentation -> Instrumentation) =
        let registry = Registry()
        let it = fresh () |> change |> Instrumentation.withRegistry registry
        earlyReturn |> (templated route "/a" |> instrument it) |> ignore
        families registry

    let defaults = names id
    Assert.Equal(5, defaults.Length)
    Assert.Equal<string list>([ "a_total" ], names (fun _ -> Instrumentation.ofMetrics (counter "a_total")))

    let replaced =
        Instrumentation.add (counter "a_total")
        >> Instrumentation.withMetrics (counter "b_total")

    Assert.Equal<string list>([ "b_total" ], names replaced)
    Assert.Equal<string list>([], names (Instrumentation.withMetrics Metric.none))
    Assert.Equal<string list>([ "a_total" ], names (Instrumentation.add (counter "a_total")))
    Assert.Equal<string list>(defaults @ [ "a_total" ], names (Instrumentation.andAlso (counter "a_total")))

    // Whatever the order.
    let namespaced =
        Instrumentation.andAlso (counter "a_total")
        >> Instrumentation.add (counter "b_total")
        >> Instrumentation.withDefaultMetrics {
            DefaultMetrics.defaults with
                Namespace = Some "shop"
        }

    Assert.Equal<string list>(List.map ((+) "shop_") defaults @ [ "a_total"; "b_total" ], names namespaced)

    let added =
        Instrumentation.add (counter "a_total")
        >> Instrumentation.andAlso (counter "b_total")

    Assert.Equal<string list>([ "a_total"; "b_total" ], names added)

[<Fact>]
let ``A metric function that returns an Async runs after the response`` () = task {
    let! handler =
        received (fun record ->
            Metric.createAsync (fun info -> async {
                do! Async.Sleep 1
                record info
            }))

    Assert.Equal("/a", handler)
}

let private failingTask: AsyncMetric = Metric.createTask (fun _ -> task { failwith "task" })

let private failingAsync: AsyncMetric = Metric.createAsync (fun _ -> async { failwith "async" })

[<Fact>]
let ``Asynchronous metric functions have the names of their values`` () = task {
    let registry = Registry()

    let it =
        Instrumentation.ofMetrics Metric.none
        |> Instrumentation.withRegistry registry
        |> Instrumentation.addAsync failingTask
        |> Instrumentation.addAsync failingAsync

    let! _ = run (fun app -> app.UseGiraffe(templated route "/a" >=> text "a" |> instrument it)) [ "/a" ]

    let recorded () =
        series "instrumentator_metric_function_errors_total" registry

    let limit = DateTime.UtcNow.AddSeconds 30.0

    while (recorded ()).Length < 2 && DateTime.UtcNow < limit do
        do! Task.Delay 5

    Assert.Equal<string list>([ "FaceTests.failingTask 1"; "FaceTests.failingAsync 1" ], recorded ())
}

[<Fact>]
let ``A long-lived endpoint is marked as in C#`` () =
    let endpoint = {
        new Microsoft.AspNetCore.Builder.IEndpointConventionBuilder with
            member _.Add convention =
                let builder =
                    Microsoft.AspNetCore.Routing.RouteEndpointBuilder(
                        null,
                        Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse "/",
                        0
                    )

                convention.Invoke builder

                Assert.Single(builder.Metadata) |> Assert.IsType<LongLivedAttribute> |> ignore
    }

    Assert.Same(endpoint, asLongLived endpoint)

[<Fact>]
let ``Each function is documented with an example`` () =
    let file = IO.Path.Combine(AppContext.BaseDirectory, "Instrumentator.Giraffe.xml")

    let members =
        [
            for one in (Xml.Linq.XDocument.Load file).Descendants "member" ->
                one.Attribute "name" |> string, one.Elements "example"
        ]
        |> List.filter (fun (name, _) ->
            name.StartsWith("name=\"M:Instrumentator.Giraffe", StringComparison.Ordinal)
            && not (name.Contains(".Templates.", StringComparison.Ordinal)))

    Assert.True(members.Length > 60, $"{members.Length} functions are documented.")

    Assert.Empty [
        for name, examples in members do
            if Seq.isEmpty examples then
                name
    ]

[<Fact>]
let ``The preset counts the routes of Giraffe's own router under the names of prometheus-net`` () =
    let registry = Registry()

    let app =
        templated route "/a" >=> text "a"
        |> instrument (Instrumentation.prometheusNet registry)

    app earlyReturn (context "GET" "/a") |> _.GetAwaiter().GetResult() |> ignore

    Assert.Equal<string list>([ "200 GET   /a 1" ], series "http_requests_received_total" registry)
    Assert.Equal<string list>([ "200 GET   /a 1" ], series "http_request_duration_seconds" registry)
    Assert.Equal<string list>([ "GET   /a 0" ], series "http_requests_in_progress" registry)

[<Fact>]
let ``The preset counts the routes of Giraffe's own router under the names of OpenTelemetry`` () =
    let registry = Registry()

    let app =
        templated route "/a" >=> text "a"
        |> instrument (Instrumentation.openTelemetry registry)

    let request = context "GET" "/a"
    request.Request.Scheme <- "https"
    request.Request.Protocol <- "HTTP/2"
    app earlyReturn request |> _.GetAwaiter().GetResult() |> ignore

    Assert.Equal<string list>([ "GET 200 /a https 2   1" ], series "http_server_request_duration_seconds" registry)
    Assert.Equal<string list>([ "GET https 0" ], series "http_server_active_requests" registry)

[<Fact>]
let ``A metric function that fails is counted under its given name, or under the name of its value`` () =
    let unnamed = Metric.create (fun _ -> failwith "boom")

    let it =
        fresh ()
        |> Instrumentation.add unnamed
        |> Instrumentation.add (Metric.createNamed "by-tenant" (fun _ -> failwith "boom"))

    (text "a" |> instrument it) earlyReturn (context "GET" "/a")
    |> _.GetAwaiter().GetResult()
    |> ignore

    Assert.Equal<string list>(
        [ "FaceTests.unnamed 1"; "by-tenant 1" ],
        series "instrumentator_metric_function_errors_total" it.Registry
    )

[<Fact>]
let ``A registry includes the process and the meters of others`` () =
    let registry =
        // snippet:process-and-runtime-fsharp
        Registry.Default
        |> Registry.includeProcess
        |> Registry.includeMeters [ "System.Runtime"; "System.Net.Http"; "Microsoft.AspNetCore.Server.Kestrel" ]
        |> Registry.includeTargetInfo
        |> Registry.includeBuildInfo
    // endsnippet

    let text = registry.ToText()
    Assert.Contains("# TYPE process_cpu_seconds_total counter", text)
    Assert.Contains("# TYPE dotnet_gc_collections_total counter", text)

[<Fact>]
let ``A registry tells the service and the versions`` () =
    let registry =
        Registry()
        |> Registry.includeTargetInfoOf "shop" "1.2.0"
        |> Registry.includeBuildInfo

    let text = registry.ToText()
    Assert.Contains("service_name=\"shop\",service_version=\"1.2.0\"} 1", text)
    Assert.Contains("\ninstrumentator_build_info{", text)
    Assert.Contains("\ntarget_info{", (Registry() |> Registry.includeTargetInfo).ToText())
