namespace Instrumentator;

/// <summary>What one thread observes of a summary.</summary>
internal sealed class SummaryStripe(SummaryCell cell) : Summary, IStripe
{
    public OwnSummary Own { get; } = OwnSummary.Take();

    public void Bring() => Own.Bring();

    public override long Count => cell.Count;

    public override double Sum => cell.Sum;

    public override void Observe(double value) => Own.Observe(value);

    public override void Observe(long value) => Own.Observe(value);
}
