namespace Instrumentator;

/// <summary>What one thread observes of a histogram.</summary>
internal sealed class HistogramStripe(HistogramCell cell, Words words, UpperBounds bounds) : Histogram
{
    /// <inheritdoc cref="Words.Address"/>
    public nint Address => words.Address;

    public UpperBounds Bounds => bounds;

    public override long Count => cell.Count;

    public override double Sum => cell.Sum;

    public override void Observe(double value) => new OwnHistogram(words, bounds).Observe(value);

    internal override bool IsExemplarDue(double value, double before) => cell.IsExemplarDue(value, before);

    internal override void PutExemplar(Exemplar exemplar) => cell.PutExemplar(exemplar);
}
