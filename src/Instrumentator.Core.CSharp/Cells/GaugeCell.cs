namespace Instrumentator;

/// <summary>A gauge in memory of our own.</summary>
internal sealed class GaugeCell : Gauge, IReadCell
{
    private double _value;

    public override double Value => Volatile.Read(ref _value);

    public override void Set(double value) => Volatile.Write(ref _value, value);

    public override void Add(double amount) => AtomicDouble.Add(ref _value, amount);

    public SampleValue Read() => new SampleValue.Gauge(Value);
}
