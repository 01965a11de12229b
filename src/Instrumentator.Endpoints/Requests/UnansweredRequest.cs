using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Instrumentator;

/// <summary>A request that ended before its response started. Middleware outside of this library's, such as an error
/// page, may still answer it, so it is recorded as soon as the status code that its client gets is certain.</summary>
internal sealed class UnansweredRequest
{
    private const string AspNetCore = "Microsoft.AspNetCore.";
    private const string TestServer = AspNetCore + "TestHost";

    private Action<RequestOutcome>? _record;

    private UnansweredRequest(Action<RequestOutcome> record) => _record = record;

    /// <summary>Whether the server will tell when the response starts or completes. ASP.NET Core's own servers do. A
    /// response that the app itself created may not, and then the record would be lost.</summary>
    /// <remarks>The test server does not complete a response whose app throws: it cancels the request instead. A
    /// timeout hides this, because it replaces the token of the request.</remarks>
    public static bool IsPossible(HttpContext context) =>
        context.Feature<IHttpResponseFeature>() is { } feature and not HttpResponseFeature
        && feature.GetType().Namespace?.StartsWith(AspNetCore, StringComparison.Ordinal) is true
        && (!IsOfTestServer(feature) || TimeoutOf(context) is null or { IsCancellationRequested: true });

    /// <summary>Records a request when its response starts, or completes without a start.</summary>
    /// <param name="context">The request.</param>
    /// <param name="outcome">Its outcome if nobody answers it.</param>
    /// <param name="complete">Returns the outcome of a response that is complete.</param>
    /// <param name="record">Records it. Runs once, and must not throw.</param>
    public static void Record(
        HttpContext context, RequestOutcome outcome, Func<RequestOutcome> complete, Action<RequestOutcome> record)
    {
        var request = new UnansweredRequest(record);
        context.Response.OnCompleted(() => request.RecordAsync(AnswerOf(context, complete())));
        context.Response.OnStarting(() => request.RecordAsync(AnswerOf(context, new(null, outcome.Exception))));
        if (context.Feature<IHttpResponseFeature>() is { } feature && IsOfTestServer(feature)
            && !context.RequestAborted.IsCancellationRequested)
        {
            var thrown = outcome with { Status = outcome.Status ?? StatusCodes.Status500InternalServerError };
            context.RequestAborted.Register(() => request.Record(thrown));
        }
    }

    // After an exception, the answer is not the app's.
    private static RequestOutcome AnswerOf(HttpContext context, in RequestOutcome outcome) =>
        outcome is { Status: null, Exception: not null } ? outcome with { Status = StatusOf(context) } : outcome;

    private static int StatusOf(HttpContext context)
    {
        try
        {
            return context.Response.StatusCode;
        }
#pragma warning disable CA1031 // Middleware outside may have removed or replaced the response.
        catch (Exception)
#pragma warning restore CA1031
        {
            return StatusCodes.Status500InternalServerError;
        }
    }

    private static bool IsOfTestServer(IHttpResponseFeature feature) => feature.GetType().Namespace == TestServer;

    private static CancellationToken? TimeoutOf(HttpContext context) =>
        context.Feature<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken;

    private Task RecordAsync(in RequestOutcome outcome)
    {
        Record(outcome);
        return Task.CompletedTask;
    }

    private void Record(in RequestOutcome outcome) =>
        Interlocked.Exchange(ref _record, null)?.Invoke(outcome with { IsOpen = false });
}
