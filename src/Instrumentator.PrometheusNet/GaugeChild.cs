namespace Instrumentator;

/// <summary>A gauge of prometheus-net, looked up once and kept.</summary>
internal sealed class GaugeChild(Prometheus.Gauge.Child child) : Gauge
{
    public override double Value => child.Value;

    public override void Set(double value) => child.Set(value);

    public override void Add(double amount) => child.Inc(amount);

    protected internal override void OnRemoved() => child.Remove();
}
