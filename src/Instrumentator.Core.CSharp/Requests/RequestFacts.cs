namespace Instrumentator.Adapters;

/// <summary>The facts that an adapter observed about a request, before any rule. Every fact is optional: a missing one
/// counts as nothing.</summary>
public readonly record struct RequestFacts
{
    /// <summary>The method as the client sent it.</summary>
    public string? Method { get; init; }

    /// <summary>The template of the matched route, such as <c>/items/{id}</c>; null when no route matched.</summary>
    public string? Template { get; init; }

    /// <summary>Values of the route itself, such as <c>controller</c> and <c>action</c> in MVC; null when there are
    /// none. Route parameters, which clients fill in, are not included.</summary>
    public ValueList<Label>? RouteValues { get; init; }

    /// <summary>The path as the client sent it, without the query. Used only when there is no template.</summary>
    public string? Path { get; init; }

    /// <summary>The status code that the client receives: 500 when an exception escaped the app before the response
    /// started.</summary>
    public int StatusCode { get; init; }

    /// <summary>When the request arrived, in ticks of a monotonic clock.</summary>
    public long StartedAt { get; init; }

    /// <summary>When the response started, in ticks of the same clock; null when it did not start or was not
    /// observed.</summary>
    public long? ResponseStartedAt { get; init; }

    /// <summary>When the request ended, in ticks of the same clock.</summary>
    public long EndedAt { get; init; }

    /// <summary>The number of ticks per second.</summary>
    public long TicksPerSecond { get; init; }

    /// <summary>The size of the request body in bytes; null when it is unknown.</summary>
    public long? RequestSize { get; init; }

    /// <summary>The size of the response body in bytes; null when it is unknown.</summary>
    public long? ResponseSize { get; init; }

    /// <summary>Whether the client decided how long the request stayed open: see
    /// <see cref="LongLivedOptions"/>.</summary>
    public bool IsLongLived { get; init; }

    /// <summary>The exception that escaped the app, if any.</summary>
    public Exception? Exception { get; init; }

    /// <summary>The request and the response, for metric functions that read more of them.</summary>
    public Exchange Exchange { get; init; }

    /// <summary>Returns the seconds from the start of the request to <paramref name="moment"/>; 0 when the clock went
    /// back or there is no clock.</summary>
    internal double SecondsUntil(long moment) => Seconds(StartedAt, moment, TicksPerSecond);

    /// <summary>Returns the seconds between two moments; 0 when the clock went back or there is no clock.</summary>
    internal static double Seconds(long from, long to, long ticksPerSecond)
    {
        if (ticksPerSecond <= 0 || to <= from)
            return 0;
        var ticks = unchecked(to - from);

        // The difference overflows only between moments near opposite ends of the range, and converting an unsigned
        // number takes several instructions.
        return (ticks >= 0 ? ticks : (double)unchecked((ulong)ticks)) / ticksPerSecond;
    }
}
