/// The original's test app, on a router without endpoints.
module GiraffeShaped.ParityApp

open System
open System.IO
open System.Numerics
open System.Text.RegularExpressions
open System.Threading.Tasks
open Giraffe
open Instrumentator.Giraffe
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http

/// Returns the part of the path for a name in the template.
type private Values = string -> string

/// The app's own router, with the template syntax of the original: `/items/{id}`, `/files/{path:path}`,
/// `/int/{num:int}`.
let private routeTo (path: string) : (Values -> HttpHandler) -> HttpHandler =
    let group (found: Match) =
        let pattern =
            match found.Groups[2].Value with
            | "path" -> ".*"
            | "int" -> "[0-9]+"
            | _ -> "[^/]+"

        $"(?<{found.Groups[1].Value}>{pattern})"

    let pattern = Regex.Replace(path, @"\{(\w+)(?::(\w+))?\}", group)
    let names = Regex(pattern).GetGroupNames()

    fun handler ->
        routexp pattern (fun groups ->
            let values = Seq.zip names groups |> dict
            handler (fun name -> values[name]))

let private verb (name: string) : HttpHandler =
    fun next ctx ->
        if ctx.Request.Method.Equals(name, StringComparison.OrdinalIgnoreCase) then
            next ctx
        else
            skipPipeline

let private answer (write: HttpContext -> Task) : HttpHandler =
    fun _ ctx -> task {
        do! write ctx
        return Some ctx
    }

let private readBody (ctx: HttpContext) = task {
    use body = new MemoryStream()
    do! ctx.Request.Body.CopyToAsync body
    return body.Length
}

let private change (values: Values) : HttpHandler =
    fun next ctx -> task {
        let! _ = readBody ctx
        return! text $"""{ctx.Request.Method} {values "item_id"}""" next ctx
    }

let private create: HttpHandler =
    fun next ctx -> task {
        let! size = readBody ctx
        return! (setStatusCode 201 >=> text $"{size}") next ctx
    }

let private stream (chunks: int) (ctx: HttpContext) : Task = task {
    ctx.Response.ContentType <- "text/plain; charset=utf-8"

    for i in 0 .. chunks - 1 do
        do! ctx.Response.WriteAsync $"chunk-{i}\n"
        do! ctx.Response.Body.FlushAsync()
}

let private holding (hold: HttpContext -> Task) : HttpHandler =
    fun next ctx -> task {
        do! hold ctx
        return! next ctx
    }

let private sized (size: int) : HttpHandler =
    answer (fun ctx ->
        ctx.Response.ContentType <- "application/octet-stream"
        ctx.Response.ContentLength <- int64 size
        ctx.Response.Body.WriteAsync(Array.create size (byte 'x'), 0, size))

let private badLength: HttpHandler =
    answer (fun ctx ->
        ctx.Response.Headers["Content-Length"] <- "abc"
        ctx.Response.WriteAsync "abc")

let private allow: HttpHandler =
    answer (fun ctx ->
        ctx.Response.Headers["Allow"] <- "OPTIONS, POST"
        ctx.Response.StatusCode <- 204
        Task.CompletedTask)

/// Creates a route from its methods, its template and its handler.
let private on (methods: string list) (path: string) (handler: Values -> HttpHandler) = methods, path, handler

let private get = on [ "GET" ]

let private texts (answer: string) : Values -> HttpHandler = fun _ -> text answer

let private routes (hold: HttpContext -> Task) (boom: string -> exn) = [
    on [ "GET"; "HEAD" ] "/" (texts "Hello World!")
    get "/items/{item_id}" (fun values -> text $"""item {values "item_id"}""")
    on [ "POST" ] "/items" (fun _ -> create)
    on [ "OPTIONS" ] "/items" (fun _ -> allow)
    on [ "PUT"; "PATCH"; "DELETE" ] "/items/{item_id}" change
    get "/ignore" (texts "ignored")
    get "/always_error" (fun _ -> setStatusCode 404)
    get "/status/{code}" (fun values -> setStatusCode (int (values "code")))
    get "/boom" (fun _ -> raise (boom "boom"))
    get "/stream" (fun _ -> answer (stream 3))
    get "/stream_boom" (fun _ ->
        answer (fun ctx -> task {
            do! stream 2 ctx
            raise (boom "boom in stream")
        }))
    get "/sized/{n}" (fun values -> sized (int (values "n")))
    get "/bad_length" (fun _ -> badLength)
    get "/hold/{key}" (fun _ -> holding hold >=> text "held")
    get "/overlap/{first}" (texts "overlap template")
    get "/overlap/fixed" (texts "overlap fixed")
    get "/ordered/fixed" (texts "ordered fixed")
    get "/ordered/{any_id}" (texts "ordered template")
    get "/mixed/{a}" (texts "mixed template")
    on [ "POST" ] "/mixed/fixed" (texts "mixed fixed")
    get "/slashed/" (texts "slashed")
    get "/files/{file_path:path}" (fun values -> text $"""file {values "file_path"}""")
    get "/int/{num:int}" (fun values -> text $"""int {BigInteger.Parse(values "num")}""")
]

let private mounted = [
    get "/" (texts "sub root")
    get "/hello/{name}" (fun values -> text $"""hello {values "name"}""")
]

let private users = [
    get "/{user_id}/posts/{post_id}" (fun values -> text $"""user {values "user_id"} post {values "post_id"}""")
]

/// Tries the routes with their methods, and then the paths alone, which respond to any other method with 405.
let private app routes : HttpHandler =
    choose [
        for methods, path, handler in routes do
            for name in methods do
                verb name >=> templatedBind routeTo path handler
        for _, path, _ in routes do
            templatedBind routeTo path (fun _ -> setStatusCode 405)
    ]

/// Adds the routes to an app that already measures requests.
let map (builder: IApplicationBuilder, hold: Func<HttpContext, Task>, boom: Func<string, exn>) =
    builder.UseGiraffe(
        choose [
            subRoute "/sub" (app mounted)
            templated routeStartsWith "/raw" >=> text "raw"
            subRoute "/api/v1" (subRoute "/users" (app users))
            app (routes hold.Invoke boom.Invoke)
        ]
    )
