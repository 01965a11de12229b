namespace Instrumentator;

/// <summary>What one thread observes of a summary.</summary>
internal sealed class SummaryStripe(SummaryCell whole) : Summary
{
    private PaddedTotals _totals;

    public override long Count => whole.Count;

    public override double Sum => whole.Sum;

    public override void Observe(double value)
    {
        Volatile.Write(ref _totals.Fraction, _totals.Fraction + value);
        Volatile.Write(ref _totals.Count, _totals.Count + 1);
    }

    public override void Observe(long value)
    {
        if (!SummaryCell.IsSmall(value))
        {
            Observe((double)value);
            return;
        }
        Volatile.Write(ref _totals.Whole, _totals.Whole + value);
        Volatile.Write(ref _totals.Count, _totals.Count + 1);
    }

    public void AddTo(ref long count, ref long wholeNumbers, ref double fractions)
    {
        count += Volatile.Read(ref _totals.Count);
        wholeNumbers += Volatile.Read(ref _totals.Whole);
        fractions += Volatile.Read(ref _totals.Fraction);
    }
}
