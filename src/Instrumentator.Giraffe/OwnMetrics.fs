namespace Instrumentator.Giraffe

open System
open System.Diagnostics.CodeAnalysis
open System.Runtime.ExceptionServices
open System.Threading.Tasks
open FSharp.Reflection
open Instrumentator

/// <summary>Counters of your own.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Counter =

    // PaymentKind is payment_kind, and FSharpResult`2 is result.
    let private labelOf (union: Type) =
        let name = (union.Name.Split '`')[0] |> _.Replace("FSharp", "")

        String.concat "" [
            for i in 0 .. name.Length - 1 do
                if i > 0 && Char.IsUpper name[i] && Char.IsLower name[i - 1] then
                    "_"

                string (Char.ToLowerInvariant name[i])
        ]

    /// <summary>Registers a counter with a series for each case of a union type, under a label of this name, so that no
    /// other label value is possible. All series begin at 0 at once. The label values are the names of the cases; the
    /// fields of a case do not matter.</summary>
    /// <param name="label">The name of the label.</param>
    /// <param name="name">The name; <c>_total</c> is appended if it is missing.</param>
    /// <param name="help">A description in one sentence.</param>
    /// <param name="registry">The registry.</param>
    /// <returns>A function from a case to its counter. It uses reflection, so keep the counter of a case if you count
    /// millions a second.</returns>
    /// <exception cref="T:System.ArgumentException">The type is not a union type.</exception>
    /// <example><code>
    /// type Payment = Card | Invoice
    /// let payments = Registry.Default |> Counter.ofUnionBy&lt;Payment> "kind" "payments_total" "Payments taken."
    /// </code></example>
    let ofUnionBy<[<DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)>] 'Union>
        (label: string)
        (name: string)
        (help: string)
        (registry: Registry)
        : 'Union -> Counter =
        if not (FSharpType.IsUnion(typeof<'Union>, true)) then
            invalidArg
                "Union"
                ($"{typeof<'Union>} is not a union type. "
                 + "Use one, such as type Payment = Card | Invoice, or registry.Counter.")

        let family = registry.Counter(name, help, label)

        let counters = [|
            for case in FSharpType.GetUnionCases(typeof<'Union>, true) -> family.With case.Name
        |]

        let tag = FSharpValue.PreComputeUnionTagReader(typeof<'Union>, true)
        fun case -> counters[tag (box case)]

    /// <summary>Does the same with a label that is named after the type: <c>payment_kind</c> for
    /// <c>PaymentKind</c>.</summary>
    /// <example><code>
    /// type Payment = Card | Invoice
    /// let payments = Registry.Default |> Counter.ofUnion&lt;Payment> "payments_total" "Payments taken."
    /// payments(Card).Increment()
    /// </code></example>
    let ofUnion<[<DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)>] 'Union> name help registry =
        ofUnionBy<'Union> (labelOf typeof<'Union>) name help registry

    /// <summary>Runs a function, and counts it if it raises an exception, which passes unchanged. For a function that
    /// returns a task, use <c>exceptionsTask</c>.</summary>
    /// <example><code>failures |> Counter.exceptions (fun () -> parse text)</code></example>
    let exceptions (work: unit -> 'T) (counter: Counter) : 'T = counter.CountExceptions(Func<'T> work)

    /// <summary>Runs a function, and counts it if its task fails. The exception passes unchanged.</summary>
    /// <example><code>failures |> Counter.exceptionsTask (fun () -> runAsync job)</code></example>
    let exceptionsTask (work: unit -> Task<'T>) (counter: Counter) : Task<'T> =
        counter.CountExceptionsAsync(Func<Task<'T>> work)

    /// <summary>Counts each run of a computation that raises an exception, which passes unchanged.</summary>
    /// <example><code>failures |> Counter.exceptionsAsync (fetch uri)</code></example>
    let exceptionsAsync (work: Async<'T>) (counter: Counter) : Async<'T> = async {
        match! Async.Catch work with
        | Choice1Of2 result -> return result
        | Choice2Of2 error ->
            counter.Increment()
            ExceptionDispatchInfo.Throw error
            return Unchecked.defaultof<'T>
    }

/// <summary>Gauges of your own.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Gauge =

    /// <summary>Adds one while a function runs.</summary>
    /// <example><code>jobsInProgress |> Gauge.track (fun () -> run job)</code></example>
    let track (work: unit -> 'T) (gauge: Gauge) : 'T =
        use _ = gauge.TrackInProgress()
        work ()

    /// <summary>Adds one until the task of a function completes.</summary>
    /// <example><code>jobsInProgress |> Gauge.trackTask (fun () -> runAsync job)</code></example>
    let trackTask (work: unit -> Task<'T>) (gauge: Gauge) : Task<'T> = task {
        use _ = gauge.TrackInProgress()
        return! work ()
    }

    /// <summary>Adds one while a computation runs.</summary>
    /// <example><code>jobsInProgress |> Gauge.trackAsync (runAsync job)</code></example>
    let trackAsync (work: Async<'T>) (gauge: Gauge) : Async<'T> = async {
        use _ = gauge.TrackInProgress()
        return! work
    }

/// <summary>Histograms of your own.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Histogram =

    /// <summary>Runs a function and observes its duration in seconds, also when it raises an exception.</summary>
    /// <example><code>jobSeconds |> Histogram.time (fun () -> run job)</code></example>
    let time (work: unit -> 'T) (histogram: Histogram) : 'T =
        use _ = histogram.Time()
        work ()

    /// <summary>Observes the time until the task of a function completes.</summary>
    /// <example><code>jobSeconds |> Histogram.timeTask (fun () -> task { return! runAsync job })</code></example>
    let timeTask (work: unit -> Task<'T>) (histogram: Histogram) : Task<'T> =
        histogram.TimeAsync(Func<Task<'T>> work)

    /// <summary>Observes the duration of a computation each time that it runs.</summary>
    /// <example><code>let! page = fetchSeconds |> Histogram.timeAsync (fetch uri)</code></example>
    let timeAsync (work: Async<'T>) (histogram: Histogram) : Async<'T> = async {
        use _ = histogram.Time()
        return! work
    }
