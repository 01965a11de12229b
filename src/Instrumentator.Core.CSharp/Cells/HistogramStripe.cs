namespace Instrumentator;

/// <summary>What one thread observes of a histogram.</summary>
internal sealed class HistogramStripe(HistogramCell cell, OwnHistogram own) : Histogram
{
    public OwnHistogram Own => own;

    public override long Count => cell.Count;

    public override double Sum => cell.Sum;

    public override void Observe(double value) => own.Observe(value);

    internal override bool IsExemplarDue(double value, double before) => cell.IsExemplarDue(value, before);

    internal override void PutExemplar(Exemplar exemplar) => cell.PutExemplar(exemplar);
}
