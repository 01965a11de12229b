namespace Instrumentator;

/// <summary>What one thread observes of a summary.</summary>
internal sealed class SummaryStripe(SummaryCell cell) : Summary
{
    private const int Observations = 0;
    private const int Wholes = 1;
    private const int Fractions = 2;

    private readonly Words _words = Page.Take(3);

    public override long Count => cell.Count;

    public override double Sum => cell.Sum;

    public override void Observe(double value)
    {
        _words.Add(Fractions, value);
        _words.Add(Observations, 1);
    }

    public override void Observe(long value)
    {
        if (!SummaryCell.IsSmall(value))
        {
            Observe((double)value);
            return;
        }
        _words.Add(Wholes, value);
        _words.Add(Observations, 1);
    }

    public void AddTo(ref long count, ref long wholeNumbers, ref double fractions)
    {
        count += _words.Whole(Observations);
        wholeNumbers += _words.Whole(Wholes);
        fractions += _words.Fraction(Fractions);
    }
}
