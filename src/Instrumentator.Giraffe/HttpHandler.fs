namespace Instrumentator.Giraffe

open System.Threading.Tasks
open Microsoft.AspNetCore.Http

/// What Giraffe's handlers give: the context when the request was answered, None when it was not for them.
type HttpFuncResult = Task<HttpContext option>

/// Giraffe's function from a request to its result.
type HttpFunc = HttpContext -> HttpFuncResult

/// Giraffe's handler. An abbreviation, as Giraffe's own is, so the two are the same type, whatever the version of Giraffe.
type HttpHandler = HttpFunc -> HttpFunc
