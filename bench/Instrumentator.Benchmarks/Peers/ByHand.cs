using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Instrumentator.Benchmarks;

/// <summary>A middleware that records the five default metrics, as a careful user writes it for a library without
/// such a middleware.</summary>
internal abstract class ByHand
{
    private static readonly string[] _statuses = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Record(context, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <summary>Returns the sample lines after some requests to one endpoint.</summary>
    /// <param name="requests">The number of requests.</param>
    public static string[] Samples(int requests) =>
    [
        $"http_requests_total{{handler=\"/shop0/items/{{id:int}}\",method=\"GET\",status=\"2xx\"}} {requests}",
        $"http_request_size_bytes_count{{handler=\"/shop0/items/{{id:int}}\"}} {requests}",
        $"http_response_size_bytes_count{{handler=\"/shop0/items/{{id:int}}\"}} {requests}",
        $"http_request_duration_highr_seconds_count {requests}",
        $"http_request_duration_seconds_count{{handler=\"/shop0/items/{{id:int}}\",method=\"GET\"}} {requests}",
    ];

    protected abstract void Record(
        string handler, string method, string status, long requestSize, long responseSize, double seconds);

    private void Record(HttpContext context, double seconds) => Record(
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none",
        context.Request.Method,
        StatusOf(context.Response.StatusCode),
        context.Request.ContentLength ?? 0,
        context.Response.ContentLength ?? 0,
        seconds);

    private static string StatusOf(int status) => _statuses[status is >= 100 and <= 599 ? status / 100 : 0];
}
