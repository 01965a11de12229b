namespace Instrumentator;

/// <summary>What one thread adds to a counter, as bare words.</summary>
internal readonly struct OwnCounter(Words words)
{
    private const int Wholes = 0;
    private const int Fractions = 1;

    /// <summary>Whether there are none: the default value.</summary>
    public bool IsNone => words.IsNone;

    /// <inheritdoc cref="Words.Address"/>
    public nint Address => words.Address;

    /// <summary>How many words it has.</summary>
    public const int Length = 2;

    public void Increment() => words.Add(Wholes, 1);

    public void Add(double amount) => words.Add(Fractions, amount);

    public void AddTo(ref long wholeNumbers, ref double fractions)
    {
        if (IsNone)
            return;
        wholeNumbers += words.Whole(Wholes);
        fractions += words.Fraction(Fractions);
    }
}
