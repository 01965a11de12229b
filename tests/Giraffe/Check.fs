/// Runs properties in the same way as tests/Properties: see CONTRIBUTING.md.
module Check

open System
open FsCheck
open FsCheck.FSharp
open Xunit.Sdk

/// The environment variable with the seed of a failure. If it is set, every property runs only the case of that seed.
[<Literal>]
let SeedVariable = "INSTRUMENTATOR_SEED"

/// Keeps the failure. FsCheck's own runners print it to the console.
type private Runner() =

    let falsified (data: TestData) (first: obj list) (shrunk: obj list) outcome (seed: FsCheck.Rnd) (size: int) =
        let text =
            String.concat "\n" [
                $"Falsified after {data.NumberOfTests} tests and {data.NumberOfShrinks} shrinks."
                $"Shrunk case: %A{List.exactlyOne shrunk}"
                $"First case: %A{List.exactlyOne first}"
                $"To replay: {SeedVariable}={seed.Seed},{seed.Gamma},{size} dotnet test"
            ]

        match outcome with
        | Outcome.Failed e -> XunitException(text, e)
        | _ -> XunitException text

    member val Failure: exn option = None with get, set

    interface IRunner with
        member _.OnStartFixture _ = ()
        member _.OnArguments(_, _, _) = ()
        member _.OnShrink(_, _) = ()

        member this.OnFinished(_, result) =
            match result with
            | TestResult.Failed(data, first, shrunk, outcome, _, seed, size) ->
                this.Failure <- Some(falsified data first shrunk outcome seed size)
            | TestResult.Exhausted _ ->
                this.Failure <-
                    Some(XunitException "No verdict: too few of the generated cases were good for anything.")
            | TestResult.Passed _ -> ()

let private replaying (seed: string) (config: Config) =
    match seed.Split ',' |> Array.map UInt64.TryParse with
    | [| true, value; true, gamma; true, size |] -> config.WithReplay(value, gamma, int size)
    | _ ->
        invalidArg
            (nameof seed)
            $"\"{seed}\" is no seed. Give {SeedVariable} exactly the value that a failed property printed."

/// Checks a law with the seed of a failure; with an empty seed, checks it with new random cases.
let holdsFrom (seed: string) (tests: int) (cases: Arbitrary<'T>) (law: 'T -> unit) =
    let runner = Runner()
    let config = Config.Quick.WithRunner runner

    let config =
        if seed = "" then
            config.WithMaxTest tests
        else
            config.WithMaxTest 1 |> replaying seed

    Check.One(config, Prop.forAll cases law)
    runner.Failure |> Option.iter raise

/// Checks that a law holds for every generated case. A law fails by throwing an exception, as assertions do.
let holds (tests: int) (cases: Arbitrary<'T>) (law: 'T -> unit) =
    let seed = Environment.GetEnvironmentVariable SeedVariable |> Option.ofObj
    holdsFrom (Option.defaultValue "" seed) tests cases law
