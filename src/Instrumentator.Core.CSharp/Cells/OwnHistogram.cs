namespace Instrumentator;

/// <summary>What one thread observes of a histogram, as bare words: the sum, and then the counts.</summary>
/// <param name="words">The words; none where it observed nothing yet.</param>
/// <param name="bounds">The upper bounds of the buckets.</param>
internal readonly ref struct OwnHistogram(Span<long> words, ReadOnlySpan<double> bounds)
{
    private const int Total = 0;
    private const int FirstBucket = 1;

    private readonly Span<long> _words = words;
    private readonly ReadOnlySpan<double> _bounds = bounds;

    public OwnHistogram(Words words, UpperBounds bounds) : this(words.First(LengthOf(bounds.Count)), bounds.Span)
    {
    }

    public double Sum => _words.IsEmpty ? 0 : Words.Fraction(ref _words[Total]);

    public long Count
    {
        get
        {
            var count = 0L;
            foreach (ref var bucket in _words.IsEmpty ? [] : _words[FirstBucket..])
                count += Volatile.Read(ref bucket);
            return count;
        }
    }

    /// <summary>How many words it has, with so many bounds.</summary>
    public static int LengthOf(int bounds) => FirstBucket + bounds + 1;

    // The count first, as in the cell.
    public void Observe(double value)
    {
        Words.Add(ref _words[FirstBucket + UpperBounds.BucketOf(value, _bounds)], 1);
        Words.Add(ref _words[Total], value);
    }

    // The counts first, as they are written: a sum that is read after them is that of at least as many observations.
    public void AddTo(Span<long> counts, ref double sum)
    {
        if (_words.IsEmpty)
            return;
        for (var i = 0; i < counts.Length; i++)
            counts[i] += Volatile.Read(ref _words[FirstBucket + i]);
        sum += Words.Fraction(ref _words[Total]);
    }
}
