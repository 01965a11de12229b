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

    public double Sum => IsNone ? 0 : words.Fraction(Total);

    public long Count
    {
        get
        {
            var count = 0L;
            foreach (ref var bucket in Counts)
                count += Volatile.Read(ref bucket);
            return count;
        }
    }

    private Span<long> Counts => IsNone ? [] : words.First(LengthOf(bounds))[FirstBucket..];

    /// <summary>How many words it has.</summary>
    public static int LengthOf(double[] bounds) => FirstBucket + bounds.Length + 1;

    // The count first, as in the cell.
    public void Observe(double value)
    {
        var mine = words.First(LengthOf(bounds));
        Words.Add(ref mine[FirstBucket + HistogramCell.BucketOf(value, bounds)], 1);
        Words.Add(ref mine[Total], value);
    }

    // The counts first, as they are written: a sum that is read after them is that of at least as many observations.
    public void AddTo(Span<long> counts, ref double sum)
    {
        if (IsNone)
            return;
        var mine = words.First(LengthOf(bounds));
        for (var i = 0; i < counts.Length; i++)
            counts[i] += Volatile.Read(ref mine[FirstBucket + i]);
        sum += Words.Fraction(ref mine[Total]);
    }
}
