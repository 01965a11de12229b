namespace Instrumentator;

/// <summary>A counter of prometheus-net, looked up once and kept.</summary>
internal sealed class CounterChild(Prometheus.Counter.Child child) : Counter
{
    public override double Value => child.Value;

    public override void Increment() => child.Inc();

    protected override void Add(double amount) => child.Inc(amount);

    protected internal override void OnRemoved() => child.Remove();
}
