/// Labels of routes that have no endpoint: what handlers tell of themselves, joined with what they stand in.
module internal Instrumentator.Giraffe.Templates

open System
open System.Collections.Concurrent
open System.Threading.Tasks
open Instrumentator
open Microsoft.AspNetCore.Http

/// Where Giraffe keeps how much of the path subRoute and its kin have matched.
[<Literal>]
let private MatchedPathKey = "giraffe_route"

/// Stands for what a client sent, where there is no template for it.
[<Literal>]
let private AnyPrefix = "/{prefix}"

/// How many different prefixes become part of labels as they are.
[<Literal>]
let private MostPrefixes = 100

/// How much of the path the handlers around this one have matched.
let private matchedPath (ctx: HttpContext) =
    match ctx.Items.TryGetValue MatchedPathKey with
    | true, (:? string as path) -> path
    | _ -> ""

/// What `path` has behind `start`.
let private behind (start: string) (path: string) =
    if path.StartsWith(start, StringComparison.Ordinal) then
        path.Substring start.Length
    else
        path

// subRoute's prefixes are the app's own, but subRoutef's are what the client sent: so not without end, and in one case.
let private prefixes = ConcurrentDictionary<string, string>(StringComparer.OrdinalIgnoreCase)

let private prefixLabel (prefix: string) =
    if prefix = "" then
        ""
    else
        match prefixes.TryGetValue prefix with
        | true, known -> known
        | _ when prefixes.Count < MostPrefixes -> prefixes.GetOrAdd(prefix, prefix)
        | _ -> AnyPrefix

// Joined once for each place that a handler stands in, so that a request makes no text.
let private join =
    let joined = ConcurrentDictionary<struct (string * string), string>()

    fun (start: string) (rest: string) ->
        match start, rest with
        | "", one
        | one, "" -> one
        | _ ->
            let key = struct (start, rest)

            match joined.TryGetValue key with
            | true, known -> known
            | _ when joined.Count < 65536 -> joined.GetOrAdd(key, start + rest)
            | _ -> start + rest

/// Tells the template of a handler whose route has just matched. Gives what was told before.
let private tell (observation: Observation) (template: string) (ctx: HttpContext) =
    let before = struct (observation.Template, observation.Mount)
    let struct (mountPath, mountTemplate) = observation.Mount
    let now = matchedPath ctx
    let plainPrefix = behind mountPath observation.Entered
    let label = join (join mountTemplate (prefixLabel plainPrefix)) template
    observation.Template <- label

    // A router that keeps what it matched, subRoutef for one: handlers inside are joined to its template.
    if now.Length > observation.Entered.Length then
        observation.Mount <- struct (now, label)

    before

let private takeBack (observation: Observation) (struct (template, mount)) =
    observation.Template <- template
    observation.Mount <- mount

let private finish (observation: Observation) before (result: HttpContext option) =
    if result.IsNone then
        takeBack observation before

let private finishLater observation before (rest: HttpFuncResult) : HttpFuncResult = task {
    let! result = rest
    finish observation before result
    return result
}

/// Runs the rest of a route that has matched: tells its template, and takes it back when the rest skips the request.
let inline private telling (template: string) (ctx: HttpContext) ([<InlineIfLambda>] rest: unit -> HttpFuncResult) : HttpFuncResult =
    match Observation.Of ctx with
    | null -> rest ()
    | observation ->
        let before = tell observation template ctx
        let result = rest ()

        if result.IsCompletedSuccessfully then
            finish observation before result.Result
            result
        else
            finishLater observation before result

/// What a router without parameters calls when it has matched.
let matched (template: string) (next: HttpFunc) : HttpFunc =
    fun ctx -> telling template ctx (fun () -> next ctx)

/// What a router with parameters calls when it has matched.
let matchedWith (template: string) (handler: 'T -> HttpHandler) : 'T -> HttpHandler =
    fun args next ctx -> telling template ctx (fun () -> handler args next ctx)

/// Notes how much of the path was matched before a router looks at the rest.
let entering (router: HttpFunc) : HttpFunc =
    fun ctx ->
        match Observation.Of ctx with
        | null -> ()
        | observation -> observation.Entered <- matchedPath ctx

        router ctx

/// A format string as the template that Giraffe's endpoint routing makes of it, without constraints: `/users/%i/posts/%s:slug` is
/// `/users/{i0}/posts/{slug}`.
let ofFormat (format: string) =
    let rec convert index (rest: char list) =
        match rest with
        | '%' :: '%' :: tail -> "%" + convert index tail
        | '%' :: _ :: ':' :: tail ->
            let name = tail |> List.takeWhile (fun c -> c <> '/')

            "{"
            + String.Concat name
            + "}"
            + convert (index + 1) (List.skip name.Length tail)
        | '%' :: kind :: tail -> $"{{{kind}{index}}}" + convert (index + 1) tail
        | c :: tail -> string c + convert index tail
        | [] -> ""

    convert 0 (List.ofSeq format)
