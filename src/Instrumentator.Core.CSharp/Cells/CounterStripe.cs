namespace Instrumentator;

/// <summary>What one thread adds to a counter.</summary>
internal sealed class CounterStripe(CounterCell cell) : Counter, IStripe
{
    public OwnCounter Own { get; } = OwnCounter.Take();

    public void Bring() => Own.Bring();

    public override double Value => cell.Value;

    public override void Increment() => Own.Increment();

    internal override bool IsExemplarDue(double value, double before) => cell.IsExemplarDue(value, before);

    internal override void PutExemplar(Exemplar exemplar) => cell.PutExemplar(exemplar);

    protected override void Add(double amount) => Own.Add(amount);
}
