using Microsoft.AspNetCore.Http;
using Microsoft.FSharp.Core;
using HttpFunc = Microsoft.FSharp.Core.FSharpFunc<
    Microsoft.AspNetCore.Http.HttpContext,
    System.Threading.Tasks.Task<Microsoft.FSharp.Core.FSharpOption<Microsoft.AspNetCore.Http.HttpContext>?>>;

namespace Instrumentator.Benchmarks;

/// <summary>The default metrics by <c>instrument</c>, around a Giraffe handler.</summary>
internal static class GiraffeRequests
{
    private static readonly Task<FSharpOption<HttpContext>?> _answered = Task.FromResult<FSharpOption<HttpContext>?>(
        FSharpOption<HttpContext>.Some(new DefaultHttpContext()));

    public static IEnumerable<Case> All =>
    [
        Case.Gain("giraffe", RequestLimits.Least, () => Requests(Instrumented()), () => Requests(Handler)),
    ];

    private static FSharpFunc<HttpFunc, HttpFunc> Handler { get; } =
        FSharpFunc<HttpFunc, HttpFunc>.FromConverter(next => next);

    private static FSharpFunc<HttpFunc, HttpFunc> Instrumented() =>
        Giraffe.Handlers.instrument(Instrumentation.Default.WithRegistry(new Registry()), Handler);

    private static Side Requests(FSharpFunc<HttpFunc, HttpFunc> handler)
    {
        var app = handler.Invoke(HttpFunc.FromConverter(_ => _answered));
        return Traffic.Usual.To(Answer);

        Task Answer(HttpContext context) => app.Invoke(context);
    }
}
