namespace Instrumentator;

/// <summary>What one thread observes of a summary, as bare words.</summary>
internal readonly struct OwnSummary(Words words)
{
    private const int Observations = 0;
    private const int Wholes = 1;
    private const int Fractions = 2;

    /// <summary>Whether there are none: the default value.</summary>
    public bool IsNone => words.IsNone;

    /// <inheritdoc cref="Words.Address"/>
    public nint Address => words.Address;

    /// <summary>How many words it has.</summary>
    public const int Length = 3;

    public void Observe(double value)
    {
        words.Add(Fractions, value);
        words.Add(Observations, 1);
    }

    public void Observe(long value)
    {
        if (!SummaryCell.IsSmall(value))
        {
            Observe((double)value);
            return;
        }
        var mine = words.First(2);
        Words.Add(ref mine[Wholes], value);
        Words.Add(ref mine[Observations], 1);
    }

    public void AddTo(ref long count, ref long wholeNumbers, ref double fractions)
    {
        if (IsNone)
            return;
        count += words.Whole(Observations);
        wholeNumbers += words.Whole(Wholes);
        fractions += words.Fraction(Fractions);
    }
}
