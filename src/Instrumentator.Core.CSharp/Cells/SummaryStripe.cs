namespace Instrumentator;

/// <summary>What one thread observes of a summary.</summary>
internal sealed class SummaryStripe(SummaryCell cell, Words words) : Summary
{
    /// <inheritdoc cref="Words.Address"/>
    public nint Address => words.Address;

    public override long Count => cell.Count;

    public override double Sum => cell.Sum;

    public override void Observe(double value) => Own.Observe(value);

    public override void Observe(long value) => Own.Observe(value);

    private OwnSummary Own => new(words);
}
