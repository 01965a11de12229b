namespace Instrumentator.Parity;

/// <summary>Three times in whole ticks. Their differences, divided by the frequency, are exactly the doubles of a
/// script.</summary>
/// <param name="IsExact">Whether they are exact: 63-bit integers cannot give every double.</param>
internal sealed record Ticks(long Started, long ResponseStarted, long Ended, long Frequency, bool IsExact)
{
    /// <summary>A few ticks of the finest clock, in seconds. No clock can distinguish times that are closer.</summary>
    public const double Negligible = 64.0 / Highest;

    private const long Highest = 1L << 62;
    private const int MaxTries = 1 << 20;

    /// <summary>Returns the ticks for the times in seconds when a request started, its response started and the request
    /// ended.</summary>
    public static Ticks Of(double[] clock)
    {
        if (clock is not [var started, var responseStarted, var ended])
            throw new NotSupportedException($"A clock has three times and not {clock.Length}.");
        double[] durations = [responseStarted - started, ended - started];
        var frequency = Frequencies(durations)
            .Where(one => durations.All(duration => IsExactly(duration, one)))
            .Cast<long?>()
            .FirstOrDefault();
        var used = frequency ?? Fitting(durations);
        var start = StartOf(started, used);
        return new Ticks(
            start, start + Of(durations[0], used), start + Of(durations[1], used), used, frequency is not null);
    }

    /// <summary>Returns candidate frequencies: powers of two, which only shift a double, and then frequencies for which
    /// the shortest duration is as close as possible to a whole number of ticks.</summary>
    private static IEnumerable<long> Frequencies(double[] durations)
    {
        for (var power = 62; power >= 0; power--)
            yield return 1L << power;
        if (durations.Where(duration => duration > 0).Order().FirstOrDefault() is not (> 0 and var least))
            yield break;
        var longest = durations.Max();
        var whole = (long)Math.Min(Highest / Math.Max(longest, 1) * least, 1L << 53);
        for (var tries = 0; tries < MaxTries && whole - tries > 0; tries++)
        {
            if ((whole - tries) / least is >= 1 and <= Highest and var frequency)
                yield return (long)frequency;
        }
    }

    private static long Fitting(double[] durations)
    {
        var most = durations.Max(Math.Abs);
        return most <= 1 ? Highest : Math.Max(1, (long)(Highest / most));
    }

    private static bool IsExactly(double duration, long frequency) =>
        duration <= 0
        || duration * frequency <= Highest && (ulong)Of(duration, frequency) / (double)frequency == duration;

    // Only differences matter. But a time of 0 in the script is 0 here, if it fits.
    private static long StartOf(double started, long frequency) =>
        Math.Abs(started) * frequency <= Highest / 2 ? (long)(started * frequency) : 0;

    // A duration that is not 0 never becomes 0, however short it is. Before the start, only the sign can matter.
    private static long Of(double duration, long frequency)
    {
        var ticks = (long)Math.Min(Math.Round(Math.Abs(duration) * frequency), Highest);
        return Math.Sign(duration) * Math.Max(ticks, duration == 0 ? 0 : 1);
    }
}
