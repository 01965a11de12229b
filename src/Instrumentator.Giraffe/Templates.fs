/// Labels of routes that have no endpoint: what handlers tell of themselves, joined with what they stand in.
module internal Instrumentator.Giraffe.Templates

open System
open System.Collections.Concurrent
open Instrumentator
open Microsoft.AspNetCore.Http

/// Where Giraffe keeps how much of the path subRoute and its kin have matched.
[<Literal>]
let private MatchedPathKey = "giraffe_route"

/// Stands for what a client sent, where there is no template for it.
[<Literal>]
let private AnyPrefix = "/{prefix}"

/// In how many places a template has a label of its own.
[<Literal>]
let private MostPlaces = 100

/// How many templates are kept.
[<Literal>]
let private MostTemplates = 65536

/// How much of the path the handlers around this one have matched.
let private matchedPath (ctx: HttpContext) =
    let mutable matched: objnull = null

    if ctx.Items.TryGetValue(MatchedPathKey, &matched) then
        match matched with
        | :? string as path -> path
        | _ -> ""
    else
        ""

/// What `path` has behind `start`.
let private behind (start: string) (path: string) =
    if path.StartsWith(start, StringComparison.Ordinal) then
        path.Substring start.Length
    else
        path

/// What a handler stands in: the template of the mount, and the plain prefix behind it as the client wrote it.
[<Struct; CustomEquality; NoComparison>]
type private Place = {
    Mount: string
    Prefix: string
} with

    override this.GetHashCode() =
        HashCode.Combine(this.Mount, this.Prefix.GetHashCode StringComparison.OrdinalIgnoreCase)

    override this.Equals other =
        match other with
        | :? Place as place -> (this :> IEquatable<Place>).Equals place
        | _ -> false

    interface IEquatable<Place> with
        member this.Equals other =
            this.Mount = other.Mount
            && this.Prefix.Equals(other.Prefix, StringComparison.OrdinalIgnoreCase)

/// <summary>A template, joined with what its handler stands in: once for each place, so that a request makes no text.</summary>
/// <remarks>subRoute's prefixes are the app's own, but subRoutef's are what the client sent: so not without end, and in one case.</remarks>
/// <param name="path">Gives the template's own part, its parameters counted from a number.</param>
type Template(path: int -> string) =
    let alone = path 0
    let places = ConcurrentDictionary<Place, string>()

    // Parameters are counted from the start of the whole template, as they are when it is written in one piece.
    let behind (start: string) =
        start + path (start |> Seq.filter (fun c -> c = '{') |> Seq.length)

    member _.Below (mount: string) (prefix: string) =
        if mount = "" && prefix = "" then
            alone
        else
            let place = { Mount = mount; Prefix = prefix }

            match places.TryGetValue place with
            | true, known -> known
            | _ when places.Count < MostPlaces -> places.GetOrAdd(place, (fun place -> behind (place.Mount + place.Prefix)))
            | _ -> behind (mount + if prefix = "" then "" else AnyPrefix)

// Handlers within subRoutef are made for each request: what is known of a text outlives them. Texts come from code; were they made of what
// clients send, the table would end here.
let private known (make: string -> Template) =
    let templates = ConcurrentDictionary<string, Template>()

    fun (text: string) ->
        match templates.TryGetValue text with
        | true, template -> template
        | _ when templates.Count < MostTemplates -> templates.GetOrAdd(text, make)
        | _ -> make text

/// A path that is its own template.
let ofPath: string -> Template = known (fun path -> Template(fun _ -> path))

/// A format string as the template that Giraffe's endpoint routing makes of it, without constraints: `/users/%i/posts/%s:slug` is
/// `/users/{i0}/posts/{slug}`.
let ofFormat: string -> Template =
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

    known (fun format -> Template(fun index -> convert index (List.ofSeq format)))

/// Tells the template of a handler whose route has just matched. Returns what was told before.
let private tell (request: TrackedRequest) (template: Template) (ctx: HttpContext) =
    let before = struct (request.Template, request.Mount)
    let struct (mountPath, mountTemplate) = request.Mount
    let now = matchedPath ctx
    let label = template.Below mountTemplate (behind mountPath request.Entered)
    request.Template <- label

    // A router that keeps what it matched, such as subRoutef: handlers inside are joined to its template.
    if now.Length > request.Entered.Length then
        request.Mount <- struct (now, label)

    before

let private takeBack (request: TrackedRequest) (struct (template, mount)) =
    request.Template <- template
    request.Mount <- mount

let private finishLater request before (rest: HttpFuncResult) : HttpFuncResult = task {
    let! result = rest

    if result.IsNone then
        takeBack request before

    return result
}

/// Takes a template back when the rest of its route skips the request.
let private finish request before (rest: HttpFuncResult) =
    if rest.IsCompletedSuccessfully then
        if rest.Result.IsNone then
            takeBack request before

        rest
    else
        finishLater request before rest

/// What a router without parameters calls when it has matched.
let matched (template: Template) (next: HttpFunc) : HttpFunc =
    fun ctx ->
        let request = TrackedRequest.OrNote ctx
        let before = tell request template ctx
        finish request before (next ctx)

/// What a router with parameters calls when it has matched.
let matchedWith (template: Template) (handler: 'T -> HttpHandler) : 'T -> HttpHandler =
    fun args next ctx ->
        let request = TrackedRequest.OrNote ctx
        let before = tell request template ctx
        finish request before (handler args next ctx)

/// Notes how much of the path was matched before a router looks at the rest.
let entering (router: HttpFunc) : HttpFunc =
    fun ctx ->
        (TrackedRequest.OrNote ctx).Entered <- matchedPath ctx
        router ctx
