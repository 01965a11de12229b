namespace Instrumentator;

/// <summary>Unix time, as in the timestamps of exemplars and the start times of series.</summary>
internal static class UnixTime
{
    private const double MillisecondsPerSecond = 1_000;
    private const double MicrosecondsPerSecond = 1_000_000;
    private const double First = -62_135_596_800;
    private const double Last = 253_402_300_799;

    /// <summary>Returns the seconds since 1970 (UTC), to the millisecond.</summary>
    public static double UnixSeconds(this TimeProvider clock) =>
        clock.GetUtcNow().ToUnixTimeMilliseconds() / MillisecondsPerSecond;

    /// <summary>Returns the seconds since 1970 (UTC), to the microsecond.</summary>
    public static double PreciseUnixSeconds(this TimeProvider clock) =>
        (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond / MicrosecondsPerSecond;

    /// <summary>Returns a time that every format can express, or null: the years 1 to 9999, the range of a protobuf
    /// timestamp.</summary>
    public static double? Valid(double? seconds) => seconds is >= First and <= Last ? seconds : null;
}
