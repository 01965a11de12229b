namespace Instrumentator;

/// <summary>What one thread observes of a histogram.</summary>
internal sealed class HistogramStripe : Histogram
{
    // A cache line before and behind, so that no other thread's writes take these away.
    private const int Padding = 8;

    private readonly HistogramCell _whole;
    private readonly double[] _bounds;
    private readonly long[] _counts;
    private PaddedTotals _totals;

    public HistogramStripe(HistogramCell whole, double[] bounds)
    {
        (_whole, _bounds) = (whole, bounds);
        _counts = new long[bounds.Length + 1 + (2 * Padding)];
    }

    public override long Count => _whole.Count;

    public override double Sum => _whole.Sum;

    public double OwnSum => Volatile.Read(ref _totals.Fraction);

    // The count first, as in the cell.
    public override void Observe(double value)
    {
        ref var count = ref _counts[HistogramCell.BucketOf(value, _bounds) + Padding];
        Volatile.Write(ref count, count + 1);
        Volatile.Write(ref _totals.Fraction, _totals.Fraction + value);
    }

    public long CountOf(int bucket) => Volatile.Read(ref _counts[bucket + Padding]);
}
