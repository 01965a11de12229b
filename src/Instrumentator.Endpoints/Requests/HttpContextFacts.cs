using System.Runtime.InteropServices;
using Instrumentator.Adapters;
using Microsoft.AspNetCore.Http;

namespace Instrumentator;

/// <summary>Reads the facts of a completed request from its <see cref="HttpContext"/>.</summary>
internal static class HttpContextFacts
{
    public static RequestFacts Read(
        HttpContext context,
        string? method,
        in RequestTimestamps timestamps,
        in RequestOutcome outcome,
        in BodySizeCounts bodies,
        bool isLongLived)
    {
        // A replaced outcome means that the app's response never reached the client: its start and size do not count.
        var response = context.Response;
        return new RequestFacts
        {
            Method = method,
            StatusCode = outcome.Status ?? response.StatusCode,
            StartedAt = timestamps.Started,
            ResponseStartedAt = outcome.IsReplaced ? null : timestamps.ResponseStarted ?? timestamps.Ended,
            EndedAt = timestamps.Ended,
            TicksPerSecond = timestamps.TicksPerSecond,
            RequestSize = bodies.Request ?? RequestContentLength.Of(context),
            ResponseSize = outcome.IsReplaced ? null : bodies.Response ?? response.ContentLength,
            IsLongLived = isLongLived,
            Exception = outcome.Exception,
            Exchange = HttpContextReader.ExchangeOf(context),
        };
    }
}

/// <summary>The times when a request started, its response started and it ended: timestamps of a
/// <see cref="TimeProvider"/> with this frequency.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestTimestamps(long Started, long? ResponseStarted, long Ended, long TicksPerSecond);

/// <summary>The counted sizes of the bodies in bytes; null when <c>Content-Length</c> is the size.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BodySizeCounts(long? Request, long? Response);

/// <summary>Finds features of a request.</summary>
internal static class HttpContextFeatures
{
    /// <summary>Returns the feature of a type; null when there is none.</summary>
    /// <remarks>For code that does not run for every request. There, <c>Features[typeof(T)]</c> avoids the generic
    /// lookup.</remarks>
    public static T? Feature<T>(this HttpContext context)
        where T : class => context.Features[typeof(T)] as T;
}
