// Lists the lines of C#, F# and Markdown prose that end after column 120; the exit code is 1 if there are any.
// Text that cannot be wrapped without changing it is exempt: outside src, raw string literals and lines that are one
// string literal; in Markdown, code, tables, and lines that are one word.
open System
open System.IO

let limit = 120
let root = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, ".."))
let skipped = set [ "bin"; "obj"; "artifacts"; "node_modules"; ".git"; "StrykerOutput" ]

let rec files (folder: string) : string seq = seq {
    yield! Directory.EnumerateFiles folder

    for inner in Directory.EnumerateDirectories folder do
        if not (skipped.Contains(Path.GetFileName inner)) then
            yield! files inner
}

let isLong (line: string) = line.Length > limit

let isLiteral (line: string) =
    let text = line.TrimStart(' ', '+', '$', '@')
    text.StartsWith '"' && text.TrimEnd(';', ',', ')', ' ').EndsWith '"'

/// Whether a line begins inside a block that `marker` opens and closes.
let inside (marker: string) (lines: string array) =
    let toggles (line: string) =
        (line.Split marker |> Array.length) % 2 = 0

    lines
    |> Array.scan (fun isInside line -> if toggles line then not isInside else isInside) false

let longCode (isSource: bool) (lines: string array) =
    let isRaw = inside "\"\"\"" lines

    let isText i (line: string) =
        isRaw[i] || line.Contains "\"\"\"" || isLiteral line

    [
        for i, line in Array.indexed lines do
            if isLong line && (isSource || not (isText i line)) then
                i + 1, line
    ]

let longProse (lines: string array) =
    let isCode = inside "```" lines

    [
        for i, line in Array.indexed lines do
            let text = line.Trim()

            if isLong line && text.Contains ' ' && not (isCode[i] || text.StartsWith '|') then
                i + 1, line
    ]

let isInSource (file: string) =
    Path.GetRelativePath(root, file).StartsWith "src"

let longLines (file: string) =
    match Path.GetExtension file with
    | ".cs"
    | ".fs"
    | ".fsx" -> longCode (isInSource file) (File.ReadAllLines file)
    | ".md" -> longProse (File.ReadAllLines file)
    | _ -> []

let found = [
    for file in files root do
        for number, line in longLines file do
            $"{Path.GetRelativePath(root, file)}:{number}: {line.Trim()}"
]

for line in found do
    printfn "%s" line

if not found.IsEmpty then
    printfn "Wrap these lines at column %d." limit
    exit 1
