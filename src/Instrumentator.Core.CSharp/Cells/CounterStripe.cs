namespace Instrumentator;

/// <summary>What one thread adds to a counter.</summary>
internal sealed class CounterStripe(CounterCell whole) : Counter
{
    private PaddedTotals _totals;

    public override double Value => whole.Value;

    // Volatile, so that a scrape sees it soon; not atomic, since nobody else writes.
    public override void Increment() => Volatile.Write(ref _totals.Whole, _totals.Whole + 1);

    public void AddTo(ref long wholeNumbers, ref double fractions)
    {
        wholeNumbers += Volatile.Read(ref _totals.Whole);
        fractions += Volatile.Read(ref _totals.Fraction);
    }

    protected override void Add(double amount) => Volatile.Write(ref _totals.Fraction, _totals.Fraction + amount);
}
