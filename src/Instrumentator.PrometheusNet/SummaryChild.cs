namespace Instrumentator;

/// <summary>A summary of prometheus-net without quantiles, found once and kept. It leaves out NaN.</summary>
/// <param name="child">The summary.</param>
/// <param name="read">Looks it up in a scrape: it shows its numbers nowhere else.</param>
internal sealed class SummaryChild(Prometheus.Summary.Child child, Func<SampleValue.Summary> read) : Summary
{
    public override long Count => read().Count;

    public override double Sum => read().Sum;

    public override void Observe(double value) => child.Observe(value);
}
