// A few combinators with the names, types and documented behavior of Giraffe's, for machines that cannot restore
// Giraffe. In ecosystem/, the same tests and samples are compiled with the real Giraffe.
namespace Giraffe

open System
open System.IO
open System.Text
open System.Text.RegularExpressions
open System.Threading.Tasks
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging
open Microsoft.FSharp.Reflection

[<AutoOpen>]
module Core =

    type HttpFuncResult = Task<HttpContext option>
    type HttpFunc = HttpContext -> HttpFuncResult
    type HttpHandler = HttpFunc -> HttpFunc
    type ErrorHandler = exn -> ILogger -> HttpHandler

    let earlyReturn: HttpFunc = fun ctx -> Task.FromResult(Some ctx)
    let skipPipeline: HttpFuncResult = Task.FromResult None

    let (>=>) (first: HttpHandler) (second: HttpHandler) : HttpHandler =
        fun next ->
            let both = second next |> first
            fun ctx -> if ctx.Response.HasStarted then next ctx else both ctx

    let choose (handlers: HttpHandler list) : HttpHandler =
        fun next ->
            let funcs = handlers |> List.map (fun handler -> handler next)

            let rec tryAll (rest: HttpFunc list) (ctx: HttpContext) : HttpFuncResult = task {
                match rest with
                | [] -> return None
                | func :: others ->
                    match! func ctx with
                    | Some answered -> return Some answered
                    | None -> return! tryAll others ctx
            }

            tryAll funcs

    /// Continues only for requests that meet the condition.
    let private onlyIf (condition: HttpContext -> bool) : HttpHandler =
        fun next ctx -> if condition ctx then next ctx else skipPipeline

    let private verb (name: string) : HttpHandler =
        onlyIf (fun ctx -> ctx.Request.Method.Equals(name, StringComparison.OrdinalIgnoreCase))

    let GET: HttpHandler = verb "GET"
    let POST: HttpHandler = verb "POST"
    let PUT: HttpHandler = verb "PUT"
    let DELETE: HttpHandler = verb "DELETE"
    let HEAD: HttpHandler = verb "HEAD"
    let GET_HEAD: HttpHandler = choose [ GET; HEAD ]

    let setStatusCode (status: int) : HttpHandler =
        fun next ctx ->
            ctx.Response.StatusCode <- status
            next ctx

    let clearResponse: HttpHandler =
        fun next ctx ->
            ctx.Response.Clear()
            next ctx

    let text (answer: string) : HttpHandler =
        let bytes = Encoding.UTF8.GetBytes answer

        fun _ ctx -> task {
            ctx.Response.ContentType <- "text/plain; charset=utf-8"
            ctx.Response.ContentLength <- bytes.Length
            do! ctx.Response.Body.WriteAsync(bytes, 0, bytes.Length)
            return Some ctx
        }

/// Parses format strings, and paths with names in braces, by regular expressions.
module private Patterns =

    let private kinds =
        dict [
            'b', ("(?i:true|false)", (fun (s: string) -> box (bool.Parse s)))
            'c', ("[^/]", char >> box)
            's', ("[^/]+", box)
            'i', (@"-?\d+", int >> box)
            'd', (@"-?\d+", int64 >> box)
            'f', (@"-?\d+\.\d+", float >> box)
            'O', ("[0-9A-Fa-f-]{32,36}", (fun (s: string) -> box (Guid.Parse s)))
        ]

    let private parameter = Regex "%(.)"

    /// Returns the values in a path for the parameters of a format, as one value or a tuple.
    let ofFormat (options: RegexOptions) (format: string) : string -> 'T option =
        let found = parameter.Matches format
        let letters = [| for one in found -> one.Groups[1].Value[0] |]

        let literals =
            parameter.Split format
            |> Array.indexed
            |> Array.filter (fun (i, _) -> i % 2 = 0)
            |> Array.map (snd >> Regex.Escape)

        let pattern =
            Seq.zip literals.[1..] letters
            |> Seq.fold (fun before (literal, letter) -> $"{before}({fst kinds[letter]}){literal}") literals[0]

        let regex = Regex($"^{pattern}$", options)

        fun path ->
            let result = regex.Match path

            if result.Success then
                let values =
                    letters
                    |> Array.mapi (fun i letter -> snd kinds[letter] result.Groups[i + 1].Value)

                match values with
                | [| only |] -> Some(unbox<'T> only)
                | several -> Some(unbox<'T>(FSharpValue.MakeTuple(several, typeof<'T>)))
            else
                None

    /// Returns the values in a path for the fields of a record; None if a value does not have the type of its field.
    let ofNames (path: string) : string -> 'T option =
        let regex = Regex("^" + path.Replace("{", "(?<").Replace("}", ">[^/]+)") + "$", RegexOptions.IgnoreCase)

        let fields = FSharpType.GetRecordFields typeof<'T>

        fun path ->
            let result = regex.Match path

            if result.Success then
                let groups =
                    result.Groups
                    |> Seq.map (fun group -> group.Name.ToLowerInvariant(), group.Value)
                    |> dict

                try
                    let values =
                        fields
                        |> Array.map (fun field ->
                            Convert.ChangeType(groups[field.Name.ToLowerInvariant()], field.PropertyType))

                    Some(unbox<'T>(FSharpValue.MakeRecord(typeof<'T>, values)))
                with :? FormatException ->
                    None
            else
                None

[<AutoOpen>]
module Routing =

    [<Literal>]
    let private MatchedPathKey = "giraffe_route"

    let private matchedPath (ctx: HttpContext) =
        match ctx.Items.TryGetValue MatchedPathKey with
        | true, (:? string as path) -> path
        | _ -> ""

    let private restOfPath (ctx: HttpContext) =
        match ctx.Request.Path.Value with
        | null -> ""
        | path ->
            // A handler that throws leaves what was matched, so an error page may have another path.
            let matched = matchedPath ctx

            if path.Contains matched then
                path.Substring matched.Length
            else
                path

    let private routeBy (matches: string -> bool) : HttpHandler =
        fun next ctx -> if matches (restOfPath ctx) then next ctx else skipPipeline

    let route (path: string) = routeBy (fun rest -> rest = path)

    let routeCi (path: string) =
        routeBy (fun rest -> rest.Equals(path, StringComparison.OrdinalIgnoreCase))

    let routex (path: string) = routeBy (Regex $"^{path}$").IsMatch

    let routeStartsWith (path: string) =
        routeBy (fun rest -> rest.StartsWith(path, StringComparison.Ordinal))

    let private routeTo (tryMatch: string -> 'T option) (handler: 'T -> HttpHandler) : HttpHandler =
        fun next ctx ->
            match tryMatch (restOfPath ctx) with
            | Some args -> handler args next ctx
            | None -> skipPipeline

    let routexp (path: string) (handler: seq<string> -> HttpHandler) : HttpHandler =
        let regex = Regex $"^{path}$"

        let tryMatch (rest: string) =
            match regex.Match rest with
            | result when result.Success -> result.Groups |> Seq.map _.Value |> Some
            | _ -> None

        routeTo tryMatch handler

    let routef (path: PrintfFormat<_, _, _, _, 'T>) (handler: 'T -> HttpHandler) : HttpHandler =
        routeTo (Patterns.ofFormat RegexOptions.None path.Value) handler

    let routeCif (path: PrintfFormat<_, _, _, _, 'T>) (handler: 'T -> HttpHandler) : HttpHandler =
        routeTo (Patterns.ofFormat RegexOptions.IgnoreCase path.Value) handler

    let routeBind<'T> (path: string) (handler: 'T -> HttpHandler) : HttpHandler =
        routeTo (Patterns.ofNames path) handler

    /// Runs a handler with more of the path matched, and undoes this if the handler skips the request.
    let private below (path: string) (handler: HttpHandler) : HttpHandler =
        fun next ctx -> task {
            let before = matchedPath ctx
            ctx.Items[MatchedPathKey] <- before + path
            let! result = handler next ctx

            if result.IsNone then
                ctx.Items[MatchedPathKey] <- before

            return result
        }

    let subRoute (path: string) (handler: HttpHandler) : HttpHandler =
        routeStartsWith path >=> below path handler

    let subRouteCi (path: string) (handler: HttpHandler) : HttpHandler =
        fun next ctx ->
            let rest = restOfPath ctx

            if rest.StartsWith(path, StringComparison.OrdinalIgnoreCase) then
                below rest.[.. path.Length - 1] handler next ctx
            else
                skipPipeline

    let subRoutef (path: PrintfFormat<_, _, _, _, 'T>) (handler: 'T -> HttpHandler) : HttpHandler =
        let tryMatch = Patterns.ofFormat RegexOptions.None path.Value
        let segments = path.Value.Split('/').Length

        fun next ctx ->
            let prefix = (restOfPath ctx).Split '/' |> Array.truncate segments |> String.concat "/"

            match tryMatch prefix with
            | Some args -> below prefix (handler args) next ctx
            | None -> skipPipeline

[<AutoOpen>]
module Middleware =

    type IServiceCollection with
        member services.AddGiraffe() = services

    type IApplicationBuilder with

        member app.UseGiraffe(handler: HttpHandler) =
            let func = handler earlyReturn

            let middleware (ctx: HttpContext) (next: RequestDelegate) : Task = task {
                let! result = func ctx

                if result.IsNone then
                    do! next.Invoke ctx
            }

            app.Use(Func<HttpContext, RequestDelegate, Task> middleware) |> ignore

        member app.UseGiraffeErrorHandler(handler: ErrorHandler) =
            let middleware (ctx: HttpContext) (next: RequestDelegate) : Task = task {
                try
                    do! next.Invoke ctx
                with e ->
                    let logger = ctx.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger "Giraffe"
                    let! _ = handler e logger earlyReturn ctx
                    ()
            }

            app.Use(Func<HttpContext, RequestDelegate, Task> middleware)

namespace Giraffe.EndpointRouting

open System
open System.Text.RegularExpressions
open System.Threading.Tasks
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Routing
open Microsoft.FSharp.Reflection
open Giraffe

[<AutoOpen>]
module Routers =

    type private Mapped = {
        Verb: string option
        Template: string
        Func: HttpFunc
        Configure: IEndpointConventionBuilder -> IEndpointConventionBuilder
    }

    type Endpoint = private Endpoint of Mapped list

    let private each (change: Mapped -> Mapped) (endpoints: Endpoint list) =
        endpoints
        |> List.collect (fun (Endpoint mapped) -> List.map change mapped)
        |> Endpoint

    let private verb (name: string) =
        each (fun mapped -> { mapped with Verb = Some name })

    let GET = verb "GET"
    let POST = verb "POST"

    let private endpoint (template: string) (func: HttpFunc) =
        Endpoint [
            {
                Verb = None
                Template = template
                Func = func
                Configure = id
            }
        ]

    let route (path: string) (handler: HttpHandler) = endpoint path (handler earlyReturn)

    let private kinds =
        dict [
            'b', (":bool", (fun (s: string) -> box (bool.Parse s)))
            's', ("", box)
            'i', (":int", int >> box)
            'd', (":long", int64 >> box)
            'O', (":regex(^[0-9A-Fa-f-]{{32,36}}$)", (fun (s: string) -> box (Guid.Parse s)))
        ]

    let private parameter = Regex "%(.)(?::([^/]+))?"

    let routef (path: PrintfFormat<_, _, _, _, 'T>) (handler: 'T -> HttpHandler) =
        let parameters = [|
            for i, one in Seq.indexed (parameter.Matches path.Value) do
                let letter = one.Groups[1].Value[0]

                (if one.Groups[2].Success then
                     one.Groups[2].Value
                 else
                     $"{letter}{i}"),
                kinds[letter]
        |]

        let template =
            parameters
            |> Array.fold
                (fun (rest: string) (name, (constraint', _)) ->
                    parameter.Replace(rest, "{" + name + constraint'.Replace("$", "$$") + "}", 1))
                path.Value

        endpoint template (fun ctx ->
            let values = [|
                for name, (_, parse) in parameters -> ctx.GetRouteValue name |> string |> parse
            |]

            let args =
                match values with
                | [| only |] -> only
                | several -> FSharpValue.MakeTuple(several, typeof<'T>)

            handler (unbox<'T> args) earlyReturn ctx)

    let subRoute (path: string) =
        each (fun mapped -> {
            mapped with
                Template = path + mapped.Template
        })

    let configureEndpoint (configure: IEndpointConventionBuilder -> IEndpointConventionBuilder) (endpoint: Endpoint) =
        [ endpoint ]
        |> each (fun mapped -> {
            mapped with
                Configure = mapped.Configure >> configure
        })

    type IEndpointRouteBuilder with

        member app.MapGiraffeEndpoints(endpoints: Endpoint list) =
            for Endpoint mapped in endpoints do
                for one in mapped do
                    let answer = RequestDelegate(fun ctx -> one.Func ctx)

                    let conventions: IEndpointConventionBuilder =
                        match one.Verb with
                        | Some verb -> app.MapMethods(one.Template, [ verb ], answer)
                        | None -> app.Map(one.Template, answer)

                    one.Configure conventions |> ignore
