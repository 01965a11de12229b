namespace Instrumentator;

/// <summary>The time as exemplars have it.</summary>
internal static class UnixTime
{
    private const double MillisecondsPerSecond = 1_000;

    /// <summary>The seconds since 1970 (UTC), to the millisecond.</summary>
    public static double UnixSeconds(this TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds() / MillisecondsPerSecond;
}
