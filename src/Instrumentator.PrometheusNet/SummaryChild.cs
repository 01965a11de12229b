namespace Instrumentator;

/// <summary>A summary of prometheus-net without quantiles, looked up once and kept. It ignores NaN.</summary>
/// <param name="child">The summary.</param>
/// <param name="read">Reads its value from a scrape, the only place that exposes it.</param>
internal sealed class SummaryChild(Prometheus.Summary.Child child, Func<SampleValue.Summary> read) : Summary
{
    public override long Count => read().Count;

    public override double Sum => read().Sum;

    public override void Observe(double value) => child.Observe(value);

    protected internal override void OnRemoved() => child.Remove();
}
