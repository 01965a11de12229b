namespace Instrumentator;

/// <summary>A histogram of prometheus-net, looked up once and kept. It ignores NaN.</summary>
internal sealed class HistogramChild(Prometheus.Histogram.Child child) : Histogram
{
    public override long Count => child.Count;

    public override double Sum => child.Sum;

    public override void Observe(double value) => child.Observe(value);

    protected internal override void OnRemoved() => child.Remove();
}
