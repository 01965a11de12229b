namespace Instrumentator;

/// <summary>What an adapter saw of one request, before any rule. No fact is needed: what is left out counts as nothing.</summary>
public readonly record struct RequestFacts
{
    /// <summary>The method as it was sent.</summary>
    public string? Method { get; init; }

    /// <summary>The template of the route that was matched, <c>/items/{id}</c>; null when none was.</summary>
    public string? Template { get; init; }

    /// <summary>Values that the route itself has, as <c>controller</c> and <c>action</c> have in MVC; null for none. Parameters, which clients fill in, are none.</summary>
    public ValueList<Label>? RouteValues { get; init; }

    /// <summary>The path as it was sent, without the query. Read only when there is no template.</summary>
    public string? Path { get; init; }

    /// <summary>The status that the client gets: 500 when an exception left the app before the response began.</summary>
    public int StatusCode { get; init; }

    /// <summary>When the request came in, in ticks of a clock that never goes back.</summary>
    public long StartedAt { get; init; }

    /// <summary>When the response began, in ticks of the same clock; null when it did not, or when nobody looked.</summary>
    public long? ResponseStartedAt { get; init; }

    /// <summary>When the request was done, in ticks of the same clock.</summary>
    public long EndedAt { get; init; }

    /// <summary>How many ticks make a second.</summary>
    public long TicksPerSecond { get; init; }

    /// <summary>The size of the request's body in bytes; null when nothing told it.</summary>
    public long? RequestSize { get; init; }

    /// <summary>The size of the response's body in bytes; null when nothing told it.</summary>
    public long? ResponseSize { get; init; }

    /// <summary>Whether it was open as long as its client liked: see <see cref="LongLivedOptions"/>.</summary>
    public bool IsLongLived { get; init; }

    /// <summary>The exception that left the app, if one did.</summary>
    public Exception? Exception { get; init; }

    /// <summary>The request and the response, for metric functions that read more.</summary>
    public Exchange Exchange { get; init; }

    /// <summary>From the request's start to <paramref name="moment"/> in seconds; 0 where the clock went back or there was none.</summary>
    internal double SecondsUntil(long moment) => Seconds(StartedAt, moment, TicksPerSecond);

    /// <summary>From one moment to another in seconds; 0 where the clock went back or there was none.</summary>
    internal static double Seconds(long from, long to, long ticksPerSecond)
    {
        if (ticksPerSecond <= 0 || to <= from)
            return 0;
        var ticks = unchecked(to - from);

        // Only moments from both ends of the word are further apart than it can tell, and to convert an unsigned number takes several instructions.
        return (ticks >= 0 ? ticks : (double)unchecked((ulong)ticks)) / ticksPerSecond;
    }
}
