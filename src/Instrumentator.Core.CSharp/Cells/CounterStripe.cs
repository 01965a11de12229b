namespace Instrumentator;

/// <summary>What one thread adds to a counter.</summary>
internal sealed class CounterStripe(CounterCell cell, Words words) : Counter
{
    /// <inheritdoc cref="Words.Address"/>
    public nint Address => words.Address;

    public override double Value => cell.Value;

    public override void Increment() => Own.Increment();

    internal override bool IsExemplarDue(double value, double before) => cell.IsExemplarDue(value, before);

    internal override void PutExemplar(Exemplar exemplar) => cell.PutExemplar(exemplar);

    protected override void Add(double amount) => Own.Add(amount);

    private OwnCounter Own => new(words);
}
