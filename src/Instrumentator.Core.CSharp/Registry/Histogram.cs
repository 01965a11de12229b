namespace Instrumentator;

/// <summary>Observations counted in buckets, and their sum.</summary>
/// <remarks>Safe for use by many threads; observing never locks and allocates nothing.</remarks>
/// <example><code>registry.Histogram("job_seconds", "Time a job took.", [0.1, 1, 10]).Observe(seconds);</code></example>
public sealed class Histogram : Cell
{
    private readonly double[] _bounds;

    // One count for each bucket by itself; the last one is that of +Inf. An observation is one atomic addition to one of them. There is no
    // count of all: it is the sum of these, so in every scrape the +Inf bucket and _count are the same number by construction.
    private readonly long[] _counts;

    // Added after the count. A scrape between the two sees the count first: the sum is complete once writers are.
    private double _sum;

    internal Histogram(double[] bounds)
    {
        _bounds = bounds;
        _counts = new long[bounds.Length + 1];
    }

    /// <summary>How many observations there were.</summary>
    public long Count
    {
        get
        {
            var count = 0L;
            for (var i = 0; i < _counts.Length; i++)
                count += Volatile.Read(ref _counts[i]);
            return count;
        }
    }

    /// <summary>The sum of all observations.</summary>
    public double Sum => Volatile.Read(ref _sum);

    /// <summary>Counts an observation in the first bucket whose upper bound is not below it.</summary>
    /// <param name="value">Any number, in the unit of the bounds. NaN counts in the <c>+Inf</c> bucket and makes the sum NaN.</param>
    public void Observe(double value)
    {
        Interlocked.Increment(ref _counts[BucketOf(value)]);
        AtomicDouble.Add(ref _sum, value);
    }

    internal override SampleValue Read()
    {
        var counts = new long[_counts.Length];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = Volatile.Read(ref _counts[i]);
        return new SampleValue.Histogram(ValueList.Create<long>(counts), Sum);
    }

    // Few bounds, and most requests are fast: from the front, one after the other.
    private int BucketOf(double value)
    {
        var bounds = _bounds;
        for (var i = 0; i < bounds.Length; i++)
        {
            if (value <= bounds[i])
                return i;
        }

        return bounds.Length;
    }
}
