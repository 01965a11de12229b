namespace Instrumentator;

/// <summary>What one thread adds to a counter.</summary>
internal sealed class CounterStripe(CounterCell cell, OwnCounter own) : Counter
{
    public OwnCounter Own => own;

    public override double Value => cell.Value;

    public override void Increment() => own.Increment();

    internal override bool IsExemplarDue(double value, double before) => cell.IsExemplarDue(value, before);

    internal override void PutExemplar(Exemplar exemplar) => cell.PutExemplar(exemplar);

    protected override void Add(double amount) => own.Add(amount);
}
