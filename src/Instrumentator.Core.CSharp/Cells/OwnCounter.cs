namespace Instrumentator;

/// <summary>What one thread adds to a counter, as bare words.</summary>
/// <param name="words">The words; none where it added nothing yet.</param>
internal readonly ref struct OwnCounter(Span<long> words)
{
    private const int Wholes = 0;
    private const int Fractions = 1;

    private readonly Span<long> _words = words;

    public OwnCounter(Words words) : this(words.First(Length))
    {
    }

    /// <summary>How many words it has.</summary>
    public const int Length = 2;

    public void Increment() => Words.Add(ref _words[Wholes], 1);

    public void Add(double amount) => Words.Add(ref _words[Fractions], amount);

    public void AddTo(ref long wholeNumbers, ref double fractions)
    {
        if (_words.IsEmpty)
            return;
        wholeNumbers += Volatile.Read(ref _words[Wholes]);
        fractions += Words.Fraction(ref _words[Fractions]);
    }
}
