namespace Instrumentator;

/// <summary>What one thread observes of a histogram, as bare words: the sum, and then the counts.</summary>
internal readonly struct OwnHistogram(Words words, double[] bounds)
{
    private const int Total = 0;
    private const int FirstBucket = 1;

    /// <summary>Whether there are none: the default value.</summary>
    public bool IsNone => words.IsNone;

    /// <inheritdoc cref="Words.Address"/>
    public nint Address => words.Address;

    public double Sum => words.Fraction(Total);

    public long Count
    {
        get
        {
            var count = 0L;
            for (var i = 0; i <= bounds.Length; i++)
                count += words.Whole(FirstBucket + i);
            return count;
        }
    }

    // The first buckets: most requests are fast.
    public void Bring() => words.Bring(FirstBucket + 4);

    public static OwnHistogram Take(double[] bounds) => new(Page.Take(FirstBucket + bounds.Length + 1), bounds);

    // The count first, as in the cell.
    public void Observe(double value)
    {
        var mine = words.First(FirstBucket + bounds.Length + 1);
        Words.Add(ref mine[FirstBucket + HistogramCell.BucketOf(value, bounds)], 1);
        Words.Add(ref mine[Total], value);
    }

    public void AddTo(Span<long> counts)
    {
        for (var i = 0; i < counts.Length; i++)
            counts[i] += words.Whole(FirstBucket + i);
    }
}
