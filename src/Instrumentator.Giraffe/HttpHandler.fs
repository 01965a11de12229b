namespace Instrumentator.Giraffe

open System.Threading.Tasks
open Microsoft.AspNetCore.Http

/// The result of a Giraffe handler: the context when it answered the request, None when it skipped the request.
type HttpFuncResult = Task<HttpContext option>

/// Giraffe's function from a request to its result.
type HttpFunc = HttpContext -> HttpFuncResult

/// Giraffe's handler. It is an abbreviation, like Giraffe's own, so both are the same type in every version of Giraffe.
type HttpHandler = HttpFunc -> HttpFunc
