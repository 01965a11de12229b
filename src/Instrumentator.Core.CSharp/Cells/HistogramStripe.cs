namespace Instrumentator;

/// <summary>What one thread observes of a histogram.</summary>
internal sealed class HistogramStripe(HistogramCell cell, double[] bounds) : Histogram, IStripe
{
    public OwnHistogram Own { get; } = OwnHistogram.Take(bounds);

    public void Bring() => Own.Bring();

    public override long Count => cell.Count;

    public override double Sum => cell.Sum;

    public override void Observe(double value) => Own.Observe(value);

    internal override bool IsExemplarDue(double value, double before) => cell.IsExemplarDue(value, before);

    internal override void PutExemplar(Exemplar exemplar) => cell.PutExemplar(exemplar);
}
