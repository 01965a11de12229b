namespace Instrumentator;

/// <summary>What one thread adds to a counter.</summary>
internal sealed class CounterStripe(CounterCell cell) : Counter
{
    private const int Wholes = 0;
    private const int Fractions = 1;

    private readonly Words _words = Page.Take(2);

    public override double Value => cell.Value;

    public override void Increment() => _words.Add(Wholes, 1);

    public void AddTo(ref long wholeNumbers, ref double fractions)
    {
        wholeNumbers += _words.Whole(Wholes);
        fractions += _words.Fraction(Fractions);
    }

    protected override void Add(double amount) => _words.Add(Fractions, amount);
}
