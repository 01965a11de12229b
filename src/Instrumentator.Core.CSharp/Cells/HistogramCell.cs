namespace Instrumentator;

/// <summary>A histogram in memory of our own.</summary>
internal sealed class HistogramCell : Histogram, IReadCell
{
    private readonly double[] _bounds;

    // One count for each bucket by itself; the last one is that of +Inf. An observation is one atomic addition to one of them. There is no
    // count of all: it is the sum of these, so in every scrape the +Inf bucket and _count are the same number by construction.
    private readonly long[] _counts;

    // Added after the count. A scrape between the two sees the count first: the sum is complete once writers are.
    private double _sum;

    /// <summary>One with these upper bounds: rising, without <c>+Inf</c>.</summary>
    public HistogramCell(double[] bounds)
    {
        _bounds = bounds;
        _counts = new long[bounds.Length + 1];
    }

    public override long Count
    {
        get
        {
            var count = 0L;
            for (var i = 0; i < _counts.Length; i++)
                count += Volatile.Read(ref _counts[i]);
            return count;
        }
    }

    public override double Sum => Volatile.Read(ref _sum);

    public override void Observe(double value)
    {
        Interlocked.Increment(ref _counts[BucketOf(value)]);
        AtomicDouble.Add(ref _sum, value);
    }

    public SampleValue Read()
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
