namespace Instrumentator;

/// <summary>What one thread observes of a summary.</summary>
internal sealed class SummaryStripe(SummaryCell cell, OwnSummary own) : Summary
{
    public OwnSummary Own => own;

    public override long Count => cell.Count;

    public override double Sum => cell.Sum;

    public override void Observe(double value) => own.Observe(value);

    public override void Observe(long value) => own.Observe(value);
}
