// Sums the results of all test assemblies: dotnet fsi eng/test-summary.fsx <folder with a .trx file per assembly>
// The last line is `N passed, N failed, N skipped`; the exit code is 1 when a test failed,
// when none ran, or when an assembly has no result to show (its process crashed).
open System.IO
open System.Xml.Linq

type Outcome =
    | Passed
    | Failed
    | Skipped

type Result = {
    Test: string
    Outcome: Outcome
    Said: string
}

let results (trx: string) = [
    for element in XDocument.Load(trx).Descendants() do
        if element.Name.LocalName = "UnitTestResult" then
            {
                Test = element.Attribute(XName.Get "testName").Value
                Outcome =
                    match element.Attribute(XName.Get "outcome").Value with
                    | "Passed" -> Passed
                    | "NotExecuted" -> Skipped
                    | _ -> Failed
                Said = element.Value.Trim()
            }
]

let only outcome =
    List.filter (fun result -> result.Outcome = outcome)

let count outcome = only outcome >> List.length

let folder = Array.last fsi.CommandLineArgs

let files =
    if Directory.Exists folder then
        Directory.GetFiles(folder, "*.trx", SearchOption.AllDirectories)
    else
        [||]

let assemblies = [
    for file in Array.sort files do
        Path.ChangeExtension(Path.GetRelativePath(folder, file), null), results file
]

for assembly, here in assemblies do
    printfn $"{assembly}: passed {count Passed here}, failed {count Failed here}, skipped {count Skipped here}"

    for result in only Skipped here do
        printfn $"    skipped: {result.Test}: {result.Said}"

    for result in only Failed here do
        printfn $"    failed: {result.Test}"

let all = List.collect snd assemblies

let isGood =
    count Failed all = 0
    && count Passed all > 0
    && List.forall (snd >> List.isEmpty >> not) assemblies

printfn $"{count Passed all} passed, {count Failed all} failed, {count Skipped all} skipped"
exit (if isGood then 0 else 1)
