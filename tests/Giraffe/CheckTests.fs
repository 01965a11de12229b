module CheckTests

open System
open FsCheck.FSharp
open Xunit
open Xunit.Sdk

let private numbers =
    Arb.fromGenShrink (
        Gen.choose (0, 1_000_000),
        fun number ->
            if number > 0 then
                Seq.ofList [ number / 2; number - 1 ]
            else
                Seq.empty
    )

let private isSmall (number: int) = Assert.True(number < 1_000)

[<Fact>]
let ``A failure shows the shrunk case and a seed that reproduces the case`` () =
    let failure = Assert.Throws<XunitException>(fun () -> Check.holdsFrom "" 100 numbers isSmall)

    let seed = failure.Message.Split("SEED=")[1] |> _.Split(' ').[0]
    let seen = ResizeArray()

    Assert.Throws<XunitException>(fun () ->
        Check.holdsFrom seed 100 numbers (fun number ->
            seen.Add number
            isSmall number))
    |> ignore

    Assert.Contains("Shrunk case: 1000\n", failure.Message)
    Assert.Contains($"First case: {seen[0]}\n", failure.Message)

[<Fact>]
let ``An invalid seed is refused`` () =
    let refusal = Assert.Throws<ArgumentException>(fun () -> Check.holdsFrom "(1, 2)" 100 numbers isSmall)

    Assert.StartsWith("\"(1, 2)\" is no seed. Give INSTRUMENTATOR_SEED exactly the value", refusal.Message)
