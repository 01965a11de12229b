/// Handler labels of routes without an endpoint: the templates of handlers, joined to their prefixes.
module internal Instrumentator.Giraffe.Templates

open System
open System.Collections.Concurrent
open System.Threading
open Instrumentator
open Microsoft.AspNetCore.Http

/// The key of the context item where Giraffe keeps the path matched by subRoute and the like.
[<Literal>]
let private MatchedPathKey = "giraffe_route"

/// Replaces a client's prefix once a template has MaxPlaces labels.
[<Literal>]
let private AnyPrefix = "/{prefix}"

/// The maximum number of places in which a template has its own label.
[<Literal>]
let private MaxPlaces = 100

/// The maximum number of places of all templates together.
[<Literal>]
let private MaxAllPlaces = 10000

/// The maximum number of cached templates: as many as become labels in a registry.
[<Literal>]
let private MaxTemplates = EndpointRoutes.MaxTemplates

/// The maximum length of the texts by which places and templates are cached, so that the caches are bounded in bytes,
/// too: that of a label value.
[<Literal>]
let private MaxLength = LabelLength.Max

let mutable private allPlaces = 0

/// Returns the part of the path that the enclosing handlers have matched.
let private matchedPath (ctx: HttpContext) =
    let mutable matched: objnull = null

    if ctx.Items.TryGetValue(MatchedPathKey, &matched) then
        match matched with
        | :? string as path -> path
        | _ -> ""
    else
        ""

/// Returns `path` without its prefix `start`.
let private behind (start: string) (path: string) =
    if path.StartsWith(start, StringComparison.Ordinal) then
        path.Substring start.Length
    else
        path

/// Returns the part of the path that the enclosing handlers have not matched.
let restOfPath (ctx: HttpContext) =
    ctx.Request.Path.Value
    |> Option.ofObj
    |> Option.defaultValue ""
    |> behind (matchedPath ctx)

/// The position of a handler: the template of the mount, and the plain prefix after it as the client wrote it.
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

/// <summary>A template, joined to each handler position only once, so that requests allocate no strings.</summary>
/// <remarks>The app chooses the prefixes of subRoute, but clients choose those of subRoutef, so the cache is bounded
/// and ignores their case.</remarks>
/// <param name="path">Returns the template's own part, its parameters numbered from the argument.</param>
type Template(path: int -> string) =
    let alone = path 0
    let places = ConcurrentDictionary<Place, string>()

    // Parameters are numbered from the start of the whole template, as in a template written in one piece.
    let behind (start: string) =
        start + path (start |> Seq.filter (fun c -> c = '{') |> Seq.length)

    let behindAny mount prefix =
        behind (mount + if prefix = "" then "" else AnyPrefix)

    let hasRoom () =
        places.Count < MaxPlaces
        && Volatile.Read &allPlaces < MaxAllPlaces
        && Interlocked.Increment &allPlaces <= MaxAllPlaces

    member _.Below (mount: string) (prefix: string) =
        if mount = "" && prefix = "" then
            alone
        elif mount.Length + prefix.Length > MaxLength then
            behindAny mount prefix
        else
            let place = { Mount = mount; Prefix = prefix }

            match places.TryGetValue place with
            | true, known -> known
            | _ when hasRoom () -> places.GetOrAdd(place, (fun place -> behind (place.Mount + place.Prefix)))
            | _ -> behindAny mount prefix

// Giraffe creates handlers within subRoutef for each request, so the cache must outlive them. The texts come from code;
// if they came from clients, MaxTemplates would bound the cache.
let private known (make: string -> Template) =
    let templates = ConcurrentDictionary<string, Template>()

    fun (text: string) ->
        match templates.TryGetValue text with
        | true, template -> template
        | _ when text.Length <= MaxLength && templates.Count < MaxTemplates -> templates.GetOrAdd(text, make)
        | _ -> make text

/// Returns the template of a path: the path itself.
let ofPath: string -> Template = known (fun path -> Template(fun _ -> path))

/// Returns the template that Giraffe's endpoint routing makes of a format string, without constraints:
/// `/users/%i/posts/%s:slug` becomes `/users/{i0}/posts/{slug}`.
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

/// What handlers have set so far.
let private current (request: TrackedRequest) =
    struct (request.Template, request.Mount, request.IsIgnored)

/// Stores the template of a handler whose route has just matched. Returns what was set before.
let private tell (request: TrackedRequest) (template: Template) (ctx: HttpContext) =
    let before = current request
    let struct (mountPath, mountTemplate) = request.Mount
    let now = matchedPath ctx
    let label = template.Below mountTemplate (behind mountPath request.Entered)
    request.Template <- label

    // The router keeps what it matched, as subRoutef does, so inner handlers are joined to its template.
    if now.Length > request.Entered.Length then
        request.Mount <- struct (now, label)

    before

let private takeBack (request: TrackedRequest) (struct (template, mount, isIgnored)) =
    request.Template <- template
    request.Mount <- mount
    request.IsIgnored <- isIgnored

let private finishLater (request: TrackedRequest) before (rest: HttpFuncResult) : HttpFuncResult = task {
    try
        let! result = rest

        if result.IsNone then
            takeBack request before

        return result
    finally
        if not rest.IsCompletedSuccessfully then
            request.KeepTemplate()
}

/// Runs the rest of the route. Restores what was set before when it skips the request, and keeps what is set when it
/// fails.
let inline private finish (request: TrackedRequest) before ([<InlineIfLambda>] run: unit -> HttpFuncResult) =
    let rest =
        try
            run ()
        with _ ->
            request.KeepTemplate()
            reraise ()

    if not rest.IsCompletedSuccessfully then
        finishLater request before rest
    else
        if rest.Result.IsNone then
            takeBack request before

        rest

/// Returns what a router without parameters calls when it matches.
let matched (template: Template) (next: HttpFunc) : HttpFunc =
    fun ctx ->
        let request = TrackedRequest.OrNote ctx
        let before = tell request template ctx
        finish request before (fun () -> next ctx)

/// Returns what a router with parameters calls when it matches.
let matchedWith (template: Template) (handler: 'T -> HttpHandler) : 'T -> HttpHandler =
    fun args next ctx ->
        let request = TrackedRequest.OrNote ctx
        let before = tell request template ctx
        finish request before (fun () -> handler args next ctx)

/// Changes a request while the rest of the route runs.
let private changed (change: TrackedRequest -> unit) (next: HttpFunc) : HttpFunc =
    fun ctx ->
        let request = TrackedRequest.OrNote ctx
        let before = current request
        change request
        finish request before (fun () -> next ctx)

/// Sets a label that is not joined to any prefix while the rest of the route runs.
let labelled (label: string) : HttpFunc -> HttpFunc =
    changed (fun request -> request.Template <- label)

/// Excludes a request from all metrics while the rest of the route runs.
let ignored: HttpFunc -> HttpFunc = changed (fun request -> request.IsIgnored <- true)

/// Stores how much of the path is matched before a router reads the rest.
let entering (router: HttpFunc) : HttpFunc =
    fun ctx ->
        (TrackedRequest.OrNote ctx).Entered <- matchedPath ctx
        router ctx
