using System.Diagnostics;
using System.Numerics;

namespace Instrumentator.Benchmarks;

/// <summary>A histogram of durations in microseconds, each from the end of one operation to the end of the
/// next.</summary>
internal sealed class Times
{
    // 16 buckets between two powers of two: the error is at most 6 %.
    private const int PartBits = 4;
    private const double WorthALook = 50;

    private readonly long[] _counts = new long[64 << PartBits];
    private double _collecting = GC.GetTotalPauseDuration().TotalMicroseconds;

    public long Count { get; private set; }

    public double Longest { get; private set; }

    /// <summary>The longest duration without the pauses of the garbage collector in it.</summary>
    public double LongestBesideGc { get; private set; }

    /// <summary>Repeats an operation, and measures each.</summary>
    /// <param name="operation">Gets its number, from 0.</param>
    /// <param name="goesOn">Whether to run the operation of this number.</param>
    public static Times Of(Action<long> operation, Func<long, bool> goesOn)
    {
        var times = new Times();
        var last = Stopwatch.GetTimestamp();
        while (goesOn(times.Count))
        {
            operation(times.Count);
            var now = Stopwatch.GetTimestamp();
            times.Add(now - last);
            last = now;
        }
        return times;
    }

    /// <summary>Returns the duration that this part of the operations did not exceed.</summary>
    public double Quantile(double rank)
    {
        var (place, left) = (0, (long)(rank * Count));
        while (place < _counts.Length - 1 && (left -= _counts[place]) >= 0)
            place++;
        return Microseconds(EndOf(place));
    }

    private void Add(long ticks)
    {
        _counts[IndexOf(ticks)]++;
        Count++;
        if (Microseconds(ticks) is var time && time > WorthALook)
            AddLong(time);
    }

    private void AddLong(double time)
    {
        var collecting = GC.GetTotalPauseDuration().TotalMicroseconds;
        Longest = Math.Max(Longest, time);
        LongestBesideGc = Math.Max(LongestBesideGc, time - (collecting - _collecting));
        _collecting = collecting;
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    // The exponent, and the bits after the first one.
    private static int IndexOf(long ticks)
    {
        var exponent = BitOperations.Log2((ulong)ticks | (1 << PartBits)) - PartBits;
        return (exponent << PartBits) + (int)(ticks >> exponent);
    }

    private static long EndOf(int place)
    {
        var exponent = Math.Max((place >> PartBits) - 1, 0);
        return (long)(place + 1 - (exponent << PartBits)) << exponent;
    }
}
