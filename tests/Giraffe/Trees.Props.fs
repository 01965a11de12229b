/// Compares random trees of handlers with an interpreter of the same trees that does not use handlers.
module Trees

open System
open System.Threading.Tasks
open FsCheck.FSharp
open Giraffe
open Instrumentator.Giraffe
open Instrumentator.Laws
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open TestApp
open Xunit

/// Whether a handler completes synchronously, or later on another thread.
type Pace =
    | AtOnce
    | Later

type Tree =
    | Answer of status: int * Pace
    | Skip of Pace
    | Throw of Pace
    | Choose of Tree list
    | Status of int * next: Tree
    | Route of path: string * templated: bool * next: Tree
    | RouteNumber of templated: bool * next: Tree
    | Sub of prefix: string * templated: bool * inner: Tree
    | SubNumber of templated: bool * inner: Tree
    | Label of label: string * next: Tree
    | Unmeasured of next: Tree
    | Instrument of inner: Tree

type Case = { Tree: Tree; Path: string list }

// ── the interpreter ────────────────────────────────────────────────────────────────────────────

/// The rest of the path, the label of its matched part, and so far: the template, whether the request is measured,
/// whether it is within an inner instrumentation, and the status code.
type private State = {
    Rest: string list
    Prefix: string
    Template: string option
    Measured: bool
    Within: bool
    Status: int
}

type private Outcome =
    | Answered of State
    | Skipped of status: int
    | Threw of State

let private isNumber (segment: string) = Char.IsAsciiDigit segment[0]

let private number (state: State) =
    "/{i"
    + string (state.Prefix |> Seq.filter (fun c -> c = '{') |> Seq.length)
    + "}"

let rec private interpret (tree: Tree) (state: State) : Outcome =
    let withTemplate templated label =
        if templated then
            {
                state with
                    Template = Some(state.Prefix + label)
            }
        else
            state

    match tree with
    | Answer(status, _) -> Answered { state with Status = status }
    | Skip _ -> Skipped state.Status
    | Throw _ -> Threw state
    | Status(status, next) -> interpret next { state with Status = status }
    | Label(label, next) -> interpret next { state with Template = Some label }
    | Unmeasured next -> interpret next { state with Measured = false }
    | Instrument inner -> interpret inner { state with Within = true }
    | Choose trees ->
        let tryNext before tree =
            match before with
            | Skipped status -> interpret tree { state with Status = status }
            | outcome -> outcome

        trees |> List.fold tryNext (Skipped state.Status)
    | Route(path, templated, next) when state.Rest = [ path ] -> interpret next (withTemplate templated ("/" + path))
    | RouteNumber(templated, next) when state.Rest.Length = 1 && isNumber state.Rest.Head ->
        interpret next (withTemplate templated (number state))
    | Sub(prefix, templated, inner) when state.Rest <> [] && state.Rest.Head = prefix ->
        interpret inner {
            withTemplate templated ("/" + prefix) with
                Rest = state.Rest.Tail
                Prefix = state.Prefix + "/" + prefix
        }
    | SubNumber(templated, inner) when state.Rest <> [] && isNumber state.Rest.Head ->
        let label = if templated then number state else "/" + state.Rest.Head

        interpret inner {
            withTemplate templated label with
                Rest = state.Rest.Tail
                Prefix = state.Prefix + label
        }
    | _ -> Skipped state.Status

let private outcome (case: Case) =
    interpret case.Tree {
        Rest = case.Path
        Prefix = ""
        Template = None
        Measured = true
        Within = false
        Status = 200
    }

let private label (state: State) =
    state.Template |> Option.defaultValue "none"

// ── the handlers ───────────────────────────────────────────────────────────────────────────────

let private paced (pace: Pace) (answer: HttpContext -> HttpContext option) : HttpHandler =
    match pace with
    | AtOnce -> fun _ ctx -> Task.FromResult(answer ctx)
    | Later ->
        fun _ ctx -> task {
            do! Task.Yield()
            return answer ctx
        }

let rec private handler (inner: Instrumentation) (tree: Tree) : HttpHandler =
    let handler = handler inner

    match tree with
    | Answer(status, pace) ->
        paced pace (fun ctx ->
            ctx.Response.StatusCode <- status
            Some ctx)
    | Skip pace -> paced pace (fun _ -> None)
    | Throw pace -> paced pace (fun _ -> failwith "boom")
    | Choose trees -> choose (List.map handler trees)
    | Status(status, next) -> setStatusCode status >=> handler next
    | Route(path, true, next) -> templated route $"/{path}" >=> handler next
    | Route(path, false, next) -> route $"/{path}" >=> handler next
    | RouteNumber(true, next) -> templatedf routef "/%i" (fun (_: int) -> handler next)
    | RouteNumber(false, next) -> routef "/%i" (fun (_: int) -> handler next)
    | Sub(prefix, true, inner) -> templatedSub subRoute $"/{prefix}" (handler inner)
    | Sub(prefix, false, inner) -> subRoute $"/{prefix}" (handler inner)
    | SubNumber(true, inner) -> templatedf subRoutef "/%i" (fun (_: int) -> handler inner)
    | SubNumber(false, inner) -> subRoutef "/%i" (fun (_: int) -> handler inner)
    | Label(label, next) -> handlerLabel label >=> handler next
    | Unmeasured next -> unmeasured >=> handler next
    | Instrument tree -> handler tree |> instrument inner

let private request (case: Case) =
    context "GET" ("/" + String.concat "/" case.Path)

/// Runs a request to its end, and ignores the exceptions that the trees throw.
let private complete (run: unit -> Task) =
    try
        run().GetAwaiter().GetResult()
    with e when e.Message = "boom" ->
        ()

// ── trees ──────────────────────────────────────────────────────────────────────────────────────

let private segments = [ "a"; "b"; "1"; "22" ]

let private trees =
    let pace = Gen.elements [ AtOnce; Later ]
    let status = Gen.elements [ 200; 201; 304; 404; 503 ]
    let flag = Gen.frequency [ 3, Gen.constant true; 1, Gen.constant false ]
    let word = Gen.elements [ "a"; "b" ]

    let leaf =
        Gen.frequency [
            4, Gen.map2 (fun status pace -> Answer(status, pace)) status pace
            2, Gen.map Skip pace
            1, Gen.map Throw pace
        ]

    let rec tree size =
        if size <= 0 then
            leaf
        else
            let smaller = tree (size / 2)

            Gen.frequency [
                1, leaf
                4, Gen.map Choose (Gen.choose (1, 4) |> Gen.bind (fun n -> Gen.listOfLength n smaller))
                1, Gen.map2 (fun status next -> Status(status, next)) status smaller
                3, Gen.map3 (fun path templated next -> Route(path, templated, next)) word flag smaller
                2, Gen.map2 (fun templated next -> RouteNumber(templated, next)) flag smaller
                3, Gen.map3 (fun prefix templated inner -> Sub(prefix, templated, inner)) word flag smaller
                3, Gen.map2 (fun templated inner -> SubNumber(templated, inner)) flag smaller
                2, Gen.map2 (fun label next -> Label(label, next)) (Gen.elements [ "one"; "two" ]) smaller
                1, Gen.map Unmeasured smaller
                1, Gen.map Instrument smaller
            ]

    Gen.sized (fun size -> tree (4 + size / 4))

let rec private smaller (tree: Tree) : Tree seq =
    let within make inner =
        Seq.append [ inner ] (Seq.map make (smaller inner))

    match tree with
    | Choose trees -> seq {
        yield! trees

        for i in 0 .. trees.Length - 1 do
            Choose(List.removeAt i trees)

        for i in 0 .. trees.Length - 1 do
            for one in smaller trees[i] do
                Choose(List.updateAt i one trees)
      }
    | Status(status, next) -> next |> within (fun next -> Status(status, next))
    | Route(path, templated, next) -> next |> within (fun next -> Route(path, templated, next))
    | RouteNumber(templated, next) -> next |> within (fun next -> RouteNumber(templated, next))
    | Sub(prefix, templated, inner) -> inner |> within (fun inner -> Sub(prefix, templated, inner))
    | SubNumber(templated, inner) -> inner |> within (fun inner -> SubNumber(templated, inner))
    | Label(label, next) -> next |> within (fun next -> Label(label, next))
    | Unmeasured next -> next |> within Unmeasured
    | Instrument inner -> inner |> within Instrument
    | Answer(status, Later) -> Seq.singleton (Answer(status, AtOnce))
    | Skip Later -> Seq.singleton (Skip AtOnce)
    | Throw Later -> Seq.singleton (Throw AtOnce)
    | Answer _
    | Skip _
    | Throw _ -> Seq.empty

type Cases =
    static member Case() =
        let generate =
            Gen.map2
                (fun tree path -> { Tree = tree; Path = path })
                trees
                (Gen.choose (1, 3)
                 |> Gen.bind (fun n -> Gen.listOfLength n (Gen.elements segments)))

        Arb.fromGenShrink (generate, (fun case -> smaller case.Tree |> Seq.map (fun tree -> { case with Tree = tree })))

/// The record of the request in the inner instrumentation.
let private recordWithin (case: Case) =
    match outcome case with
    | Answered state when state.Measured && state.Within -> [ $"{label state} GET {state.Status} 1" ]
    | Threw state when state.Measured && state.Within -> [ $"{label state} GET 500 1" ]
    | _ -> []

// ── laws ───────────────────────────────────────────────────────────────────────────────────────

let private exact () =
    fresh () |> Instrumentation.configure (Config.groupStatusCodes false)

[<Property(MaxTest = 1000, Arbitrary = [| typeof<Cases> |])>]
let ``A tree that responds or throws is recorded once with its template and status, and one that skips is not``
    (case: Case)
    =
    let it, inner = exact (), exact ()
    let app = (handler inner case.Tree |> instrument it) earlyReturn

    complete (fun () -> request case |> app :> Task)

    let expected =
        match outcome case with
        | Answered state when state.Measured -> [ $"{label state} GET {state.Status} 1" ]
        | Threw state when state.Measured -> [ $"{label state} GET 500 1" ]
        | _ -> []

    Assert.Equal<string list>(expected, requests it.Registry)
    Assert.Equal<string list>(recordWithin case, requests inner.Registry)

[<Property(MaxTest = 1000, Arbitrary = [| typeof<Cases> |])>]
let ``Within UseInstrumentator a request that the tree skips is recorded once, with its final status`` (case: Case) =
    let it, inner = exact (), exact ()
    use services = ServiceCollection().AddLogging().BuildServiceProvider()
    let builder = ApplicationBuilder services :> IApplicationBuilder
    builder |> useInstrumentator it |> _.UseGiraffe(handler inner case.Tree)
    let app = builder.Build()

    complete (fun () -> request case |> app.Invoke)

    let expected =
        match outcome case with
        | Answered state when state.Measured -> [ $"{label state} GET {state.Status} 1" ]
        | Threw state when state.Measured -> [ $"{label state} GET 500 1" ]
        | Skipped _ -> [ "none GET 404 1" ]
        | _ -> []

    Assert.Equal<string list>(expected, requests it.Registry)
    Assert.Equal<string list>(recordWithin case, requests inner.Registry)

[<Property(MaxTest = 500, Arbitrary = [| typeof<Cases> |])>]
let ``The adapter changes neither the response nor the exception`` (case: Case) =
    let run (app: HttpHandler) =
        let ctx = request case

        try
            let result = (app earlyReturn ctx).GetAwaiter().GetResult()
            Ok(result.IsSome, ctx.Response.StatusCode)
        with e ->
            Error e.Message

    let bare = handler (exact ()) case.Tree
    Assert.Equal(run bare, run (bare |> instrument (exact ())))
