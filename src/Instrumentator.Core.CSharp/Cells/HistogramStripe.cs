namespace Instrumentator;

/// <summary>What one thread observes of a histogram.</summary>
internal sealed class HistogramStripe(HistogramCell cell, double[] bounds) : Histogram
{
    private const int FirstBucket = 1;

    // The sum, and then the counts.
    private readonly Words _words = Page.Take(FirstBucket + bounds.Length + 1);

    public override long Count => cell.Count;

    public override double Sum => cell.Sum;

    public double OwnSum => _words.Fraction(0);

    // The count first, as in the cell.
    public override void Observe(double value)
    {
        _words.Add(FirstBucket + HistogramCell.BucketOf(value, bounds), 1);
        _words.Add(0, value);
    }

    public long CountOf(int bucket) => _words.Whole(FirstBucket + bucket);
}
