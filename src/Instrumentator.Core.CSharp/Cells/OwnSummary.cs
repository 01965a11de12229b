namespace Instrumentator;

/// <summary>What one thread observes of a summary, as bare words.</summary>
/// <param name="words">The words; none where it observed nothing yet.</param>
internal readonly ref struct OwnSummary(Span<long> words)
{
    private const int Observations = 0;
    private const int Wholes = 1;
    private const int Fractions = 2;

    private readonly Span<long> _words = words;

    public OwnSummary(Words words) : this(words.First(Length))
    {
    }

    /// <summary>How many words it has.</summary>
    public const int Length = 3;

    public void Observe(double value)
    {
        Words.Add(ref _words[Fractions], value);
        Words.Add(ref _words[Observations], 1);
    }

    public void Observe(long value)
    {
        if (!SummaryCell.IsSmall(value))
        {
            Observe((double)value);
            return;
        }
        Words.Add(ref _words[Wholes], value);
        Words.Add(ref _words[Observations], 1);
    }

    public void AddTo(ref long count, ref long wholeNumbers, ref double fractions)
    {
        if (_words.IsEmpty)
            return;
        count += Volatile.Read(ref _words[Observations]);
        wholeNumbers += Volatile.Read(ref _words[Wholes]);
        fractions += Words.Fraction(ref _words[Fractions]);
    }
}
