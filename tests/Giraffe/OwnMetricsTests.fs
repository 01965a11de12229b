/// Metrics of an app's own, as F# writes them.
module OwnMetricsTests

open System
open System.Collections.Concurrent
open System.Threading.Tasks
open Instrumentator.Giraffe
open Instrumentator.Testing
open Xunit

type PaymentKind =
    | Card of provider: string
    | Invoice
    | Cash

[<Struct>]
type Light =
    | Red
    | Green

module Docs =
    // snippet:giraffe-app-metrics
    type Payment =
        | Card
        | Invoice

    let registry = Registry.create "" [ "service", "shop" ] // or Registry.Default
    let payments = registry |> Counter.ofUnion<Payment> "payments" "Payments taken."
    let seconds = registry.Histogram("fetch_seconds", "Time to fetch a page.", [ 0.1; 1.0; 10.0 ])

    let queueLength (queue: ConcurrentQueue<string>) =
        registry.Gauge("queue_length", "Jobs that wait.", (fun () -> float queue.Count), [ "queue", "emails" ])

    let pay (fetch: unit -> Task<string>) = task {
        payments(Card).Increment() // payments_total{payment="Card",service="shop"}
        return! seconds |> Histogram.timeTask fetch
    }

    let instrumentation = Instrumentation.defaults |> Instrumentation.withRegistry registry
    // endsnippet

[<Fact>]
let ``What the documentation shows counts, times and reads`` () = task {
    let queue = ConcurrentQueue [ "a"; "b" ]
    use _ = Docs.queueLength queue
    let! page = Docs.pay (fun () -> task { return "page" })
    Assert.Equal("page", page)

    let value name pairs =
        Docs.registry.Value(name, labels (pairs @ [ "service", "shop" ]))

    Assert.Equal(1.0, value "payments_total" [ "payment", "Card" ])
    Assert.Equal(0.0, value "payments_total" [ "payment", "Invoice" ])
    Assert.Equal(1.0, Docs.registry.Count("fetch_seconds", labels [ "service", "shop" ]))
    Assert.Equal(2.0, value "queue_length" [ "queue", "emails" ])
    Assert.Same(Docs.registry, Docs.instrumentation.Registry)
}

[<Fact>]
let ``A counter over a union has a series for each case from the start, and no other`` () =
    let registry = Registry()
    let payments = registry |> Counter.ofUnion<PaymentKind> "payments" "Payments taken."
    let lights = registry |> Counter.ofUnion<Light> "lights" "Lights."
    let options = registry |> Counter.ofUnion<int option> "options" "Options."
    payments(Card "a").Increment()
    payments(Card "b").Increment()
    payments(Cash).Increment 2.5
    lights(Green).Increment()
    options(None).Increment()

    Assert.Equal(
        """# HELP payments_total Payments taken.
# TYPE payments_total counter
payments_total{payment_kind="Card"} 2
payments_total{payment_kind="Invoice"} 0
payments_total{payment_kind="Cash"} 2.5
# HELP lights_total Lights.
# TYPE lights_total counter
lights_total{light="Red"} 0
lights_total{light="Green"} 1
# HELP options_total Options.
# TYPE options_total counter
options_total{option="None"} 1
options_total{option="Some"} 0
""",
        registry.ToText()
    )

[<Fact>]
let ``A type that is no union is an error`` () =
    let error =
        Assert.Throws<ArgumentException>(fun () -> Registry() |> Counter.ofUnion<string> "a" "Help." |> ignore)

    Assert.StartsWith("System.String is not a union type.", error.Message)

[<Fact>]
let ``Functions, tasks and asynchronous computations are timed, also when they fail`` () = task {
    let registry = Registry()
    let seconds = registry.Histogram("job_seconds", "Time a job took.", [ 60.0 ])
    Assert.Equal(1, seconds |> Histogram.time (fun () -> 1))
    let! two = seconds |> Histogram.timeTask (fun () -> task { return 2 })
    let! three = seconds |> Histogram.timeAsync (async { return 3 })
    Assert.Equal((2, 3), (two, three))
    Assert.Equal(3L, seconds.Count)

    let fail () : int = raise (InvalidOperationException())

    Assert.Throws<InvalidOperationException>(fun () -> seconds |> Histogram.time fail |> ignore)
    |> ignore

    let! _ =
        Assert.ThrowsAsync<InvalidOperationException>(fun () ->
            seconds |> Histogram.timeTask (fun () -> task { return fail () }) :> Task)

    let computation = seconds |> Histogram.timeAsync (async { return fail () })
    Assert.Equal(5L, seconds.Count)

    let! _ = Assert.ThrowsAsync<InvalidOperationException>(fun () -> Async.StartAsTask computation :> Task)
    Assert.Equal(6L, seconds.Count)
}

[<Fact>]
let ``Work in progress and exceptions are counted`` () = task {
    let registry = Registry()
    let gauge = registry.Gauge("jobs", "Jobs.")
    let failures = registry.Counter("failures", "Failures.")
    Assert.Equal(1.0, gauge |> Gauge.track (fun () -> gauge.Value))
    let! inTask = gauge |> Gauge.trackTask (fun () -> task { return gauge.Value })
    let! inAsync = gauge |> Gauge.trackAsync (async { return gauge.Value })
    Assert.Equal((1.0, 1.0, 0.0), (inTask, inAsync, gauge.Value))

    Assert.Equal(1, failures |> Counter.exceptions (fun () -> 1))

    let fail () : unit = raise (FormatException())

    Assert.Throws<FormatException>(Action(fun () -> failures |> Counter.exceptions fail))
    |> ignore

    Assert.Equal(1.0, failures.Value)

    let failing () : Task<int> = task { return raise (FormatException()) }

    let! _ =
        Assert.ThrowsAsync<FormatException>(fun () -> failures |> Counter.exceptionsTask failing :> Task)

    let computation = failures |> Counter.exceptionsAsync (async { return fail () })

    let! _ = Assert.ThrowsAsync<FormatException>(fun () -> Async.StartAsTask computation :> Task)
    let! one = failures |> Counter.exceptionsTask (fun () -> task { return 1 })
    let! two = failures |> Counter.exceptionsAsync (async { return 2 })
    Assert.Equal((1, 2, 3.0), (one, two, failures.Value))
}

[<Fact>]
let ``Labels, values and static labels are lists`` () =
    let registry = Registry.create "shop" [ "service", "orders" ]
    let orders = registry.Counter("orders", "Orders.", "country", "plan")
    orders.WithLabels([ "plan", "pro"; "country", "DE" ]).Increment()
    let kinds = registry |> Counter.ofUnionBy<PaymentKind> "kind" "payments" "Payments taken."
    kinds(Cash).Increment()

    Assert.Equal(
        1.0,
        registry.Value("shop_orders_total", labels [ "country", "DE"; "plan", "pro"; "service", "orders" ])
    )

    Assert.Equal(1.0, registry.Value("shop_payments_total", labels [ "kind", "Cash"; "service", "orders" ]))
    Assert.True(orders.Remove [ "DE"; "pro" ])
    Assert.False(orders.Remove [ "DE"; "pro" ])
    registry.Histogram("a", "Help.", Buckets.Linear(1.0, 1.0, 4)).Observe 2.5
    Assert.Equal(1.0, registry.Bucket("shop_a", 3.0, labels [ "service", "orders" ]))

[<Fact>]
let ``Values come from functions at each scrape, after the hooks`` () =
    let registry = Registry()
    let mutable hooks = 0
    registry.BeforeScrape("count", (fun () -> hooks <- hooks + 1)) |> ignore

    registry.Gauge("queue_length", "Jobs that wait.", (fun () -> float hooks), [ "queue", "emails" ])
    |> ignore

    let hits = registry.Counter("cache_hits", "Hits.", (fun () -> 7.0), [])

    Assert.Equal(1.0, registry.Value("queue_length", labels [ "queue", "emails" ]))
    Assert.Equal(7.0, registry.Value "cache_hits_total")
    hits.Dispose()
    Assert.DoesNotContain("cache_hits", registry.ToText())
