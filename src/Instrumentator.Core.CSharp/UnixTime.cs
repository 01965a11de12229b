namespace Instrumentator;

/// <summary>Unix time, as in the timestamps of exemplars.</summary>
internal static class UnixTime
{
    private const double MillisecondsPerSecond = 1_000;

    /// <summary>Returns the seconds since 1970 (UTC), to the millisecond.</summary>
    public static double UnixSeconds(this TimeProvider clock) =>
        clock.GetUtcNow().ToUnixTimeMilliseconds() / MillisecondsPerSecond;
}
