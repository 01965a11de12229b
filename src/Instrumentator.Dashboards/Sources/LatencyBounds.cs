namespace Instrumentator;

/// <summary>The buckets in which the page counts the observations of a histogram: its own, or, if it has only native
/// ones, powers of √2 into which these are merged.</summary>
internal sealed class LatencyBounds
{
    // 2^(-24/2) s = 0.24 ms, to 2^(14/2) s = 128 s. Whatever is above is counted as +Inf.
    private const int FirstHalfPower = -24;
    private const int LastHalfPower = 14;

    private static readonly ValueList<double> _halfPowersOf2 = ValueList.From(
        Enumerable.Range(FirstHalfPower, LastHalfPower - FirstHalfPower + 1).Select(half => Math.Pow(2, half / 2.0)));

    private LatencyBounds(ValueList<double> upper, bool isNative) => (Upper, IsNative) = (upper, isNative);

    /// <summary>The upper bounds in ascending order, without +Inf.</summary>
    public ValueList<double> Upper { get; }

    public bool IsNative { get; }

    /// <summary>The number of buckets, +Inf included.</summary>
    public int Count => Upper.Count + 1;

    public static LatencyBounds None { get; } = new([], false);

    public static LatencyBounds Of(FamilyDefinition histogram) =>
        histogram is { Native: not null, Buckets.Count: 0 } ? new(_halfPowersOf2, true) : new(histogram.Buckets, false);

    /// <summary>Adds the observations of a reading to the counts of the buckets.</summary>
    public void AddTo(Span<double> counts, in HistogramReading reading)
    {
        if (IsNative)
        {
            AddNative(counts, reading.Native);
        }
        else
        {
            for (var i = 0; i < Math.Min(counts.Length, reading.Counts.Length); i++)
                counts[i] += reading.Counts[i];
        }
    }

    // Durations are never negative.
    private static void AddNative(Span<double> counts, in NativeReading native)
    {
        counts[0] += native.ZeroCount;
        foreach (var (index, count) in native.Positive)
            counts[Math.Clamp(HalfPower(index, native.Schema) - FirstHalfPower, 0, counts.Length - 1)] += count;
    }

    // The bound of bucket i is 2^(i / 2^schema): the smallest half power that is not below it.
    private static int HalfPower(int index, int schema) =>
        (int)Math.Clamp(Math.Ceiling(index * 2.0 / Math.Pow(2, schema)), FirstHalfPower, LastHalfPower + 1);
}
