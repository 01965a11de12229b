namespace Instrumentator;

/// <summary>What one thread observes of a histogram with native buckets.</summary>
internal sealed class NativeHistogramStripe(NativeHistogramCell cell, UpperBounds bounds, NativeBuckets buckets) : Histogram
{
    private readonly Words _sum = Page.Take(1);
    private readonly NativeObservations _own = new(bounds, buckets, static () => Page.Take(1));

    public override long Count => cell.Count;

    public override double Sum => cell.Sum;

    public double OwnSum => Words.Fraction(ref _sum.Single);

    public ReadOnlySpan<NativeCounts> Tables => _own.Tables;

    // The count first, as in the cell.
    public override void Observe(double value)
    {
        Words.Add(ref _own.CountOf(value).Single, 1);
        Words.Add(ref _sum.Single, value);
    }

    internal override bool IsExemplarDue(double value, double before) => cell.IsExemplarDue(value, before);

    internal override void PutExemplar(Exemplar exemplar) => cell.PutExemplar(exemplar);
}
