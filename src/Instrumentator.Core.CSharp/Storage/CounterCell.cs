namespace Instrumentator;

/// <summary>A counter of the built-in backend.</summary>
internal sealed class CounterCell : Counter, IReadCell
{
    // Two numbers, so that the usual increment is an integer addition. The value is their sum.
    private const int Whole = 0;
    private const int Fraction = 1;

    private StripedNumbers _numbers = new(2);
    private Exemplar? _exemplar;

    public override double Value => _numbers.Sum(Whole) + _numbers.SumOfDoubles(Fraction);

    public override void Increment() => _numbers.Open().Add(Whole, 1);

    public void WriteTo(ISampleWriter writer, LabelSet labels, double created) =>
        writer.Counter(labels, Value, _exemplar, created);

    internal override bool IsExemplarDue(double value, double before) => ExemplarSlots.IsDue(_exemplar, before);

    internal override void StoreExemplar(Exemplar exemplar) => _exemplar = exemplar;

    protected override void Add(double amount) => _numbers.Open().Add(Fraction, amount);
}
