/// The additional allocations of an instrumented request.
[<Xunit.Collection "alone">]
module AllocationTests

open System
open System.Threading.Tasks
open Giraffe
open Instrumentator.Giraffe
open TestApp
open Xunit

/// One test counts the bytes of all threads, so no other test may run at the same time.
[<CollectionDefinition("alone", DisableParallelization = true)>]
type Alone() = class end

[<Literal>]
let private Requests = 10_000

/// A handler that completes synchronously without allocations: it returns the same result for each request.
let private answerAtOnce () : HttpHandler =
    let mutable answer: HttpFuncResult = skipPipeline

    fun _ ctx ->
        if answer.Result.IsNone then
            answer <- Task.FromResult(Some ctx)

        answer

let private answerLater: HttpHandler =
    fun next ctx -> task {
        do! Task.Yield()
        return! next ctx
    }

/// Returns the bytes that a request allocates on the thread that sends it.
let private bytesPerRequest (app: HttpHandler) =
    let func = app earlyReturn
    let ctx = context "GET" "/ping"

    let run () =
        for _ in 1..Requests do
            Assert.True((func ctx).IsCompletedSuccessfully)

    run ()
    let before = GC.GetAllocatedBytesForCurrentThread()
    run ()
    float (GC.GetAllocatedBytesForCurrentThread() - before) / float Requests

let private measure (name: string) (bare: float) (measured: float) =
    TestContext.Current.TestOutputHelper
    |> Option.ofObj
    |> Option.iter _.WriteLine($"{name}: {bare} bytes a request by itself, {measured} measured")

/// Each tracked request is one object, and this is the maximum of its size in bytes.
[<Literal>]
let private LargestObject = 200.0

[<Fact>]
let ``With instrument, a synchronous handler allocates one more object per request`` () =
    let bare = bytesPerRequest (answerAtOnce ())
    let measured = bytesPerRequest (answerAtOnce () |> instrument (fresh ()))

    measure "A handler alone" bare measured
    Assert.InRange(measured - bare, 1.0, LargestObject)

[<Fact>]
let ``A template adds no further allocation`` () =
    let bare = bytesPerRequest (route "/ping" >=> answerAtOnce ())
    let measured = bytesPerRequest (templated route "/ping" >=> answerAtOnce () |> instrument (fresh ()))

    measure "A route" bare measured
    Assert.InRange(measured - bare, 1.0, LargestObject)

[<Fact>]
let ``The allocations of an asynchronous handler are reported but not asserted`` () =
    let bytes (app: HttpHandler) =
        let func = app earlyReturn
        let ctx = context "GET" "/ping"

        let run () =
            for _ in 1..Requests do
                (func ctx).GetAwaiter().GetResult() |> ignore

        run ()
        let before = GC.GetTotalAllocatedBytes true
        run ()
        float (GC.GetTotalAllocatedBytes true - before) / float Requests

    let bare = bytes answerLater
    let measured = bytes (answerLater |> instrument (fresh ()))

    let both = bytes (templated routeStartsWith "/" >=> answerLater |> instrument (fresh ()))

    measure "A handler that is done later" bare measured
    measure "With a template" bare both
