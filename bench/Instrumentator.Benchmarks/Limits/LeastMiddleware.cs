using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Benchmarks;

/// <summary>The least middleware for the default metrics: reads what they need from the framework, and knows its
/// cells.</summary>
internal sealed class LeastMiddleware(RequestDelegate next)
{
    private readonly LeastCells<Plain> _cells = new();
    private Endpoint? _endpoint;

    public Task InvokeAsync(HttpContext context)
    {
        if (!IsKnown((context.Features[typeof(IEndpointFeature)] as IEndpointFeature)?.Endpoint))
            throw new InvalidOperationException("Another endpoint.");
        var started = Stopwatch.GetTimestamp();
        var rest = next(context);
        var ended = Stopwatch.GetTimestamp();
        var (request, response) = (context.Request, context.Response);
        if (!ReferenceEquals(request.Method, HttpMethods.Get) || response.StatusCode / 100 != 2)
            throw new InvalidOperationException("Another series.");
        _cells.Record(started, ended, request.ContentLength ?? 0, response.ContentLength ?? 0);
        return rest;
    }

    private bool IsKnown(Endpoint? endpoint) => ReferenceEquals(_endpoint ??= endpoint, endpoint);
}
