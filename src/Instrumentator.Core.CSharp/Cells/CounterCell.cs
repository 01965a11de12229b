namespace Instrumentator;

/// <summary>A counter in memory of our own.</summary>
internal sealed class CounterCell : Counter, IReadCell
{
    // Whole numbers and fractions live in two words, so that the usual increment is one atomic addition
    // and no loop. The value is their sum.
    private long _whole;
    private double _fraction;

    public override double Value => Volatile.Read(ref _whole) + Volatile.Read(ref _fraction);

    public override void Increment() => Interlocked.Increment(ref _whole);

    public SampleValue Read() => new SampleValue.Counter(Value);

    protected override void Add(double amount) => AtomicDouble.Add(ref _fraction, amount);
}
