namespace Instrumentator;

/// <summary>The ones that one thread adds to a gauge and takes off.</summary>
internal sealed class GaugeStripe
{
    private PaddedTotals _totals;

    public long Own => Volatile.Read(ref _totals.Whole);

    public void Add(long amount) => Volatile.Write(ref _totals.Whole, _totals.Whole + amount);
}
