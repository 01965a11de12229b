namespace Instrumentator;

/// <summary>What one series is written to: a <see cref="Counter"/>, <see cref="Gauge"/>, <see cref="Histogram"/> or <see cref="Summary"/>.</summary>
/// <remarks>Safe for use by many threads. Those of a registry with memory of its own never lock when they are added to,
/// and allocate nothing; setting a gauge takes a lock for a moment.</remarks>
public abstract class Cell
{
    private protected Cell() { }

    /// <summary>Whether an observation is to be kept as an exemplar: there is none in its place, or one that is older than that.</summary>
    /// <param name="value">What was observed.</param>
    /// <param name="before">Since when those that are there are young, in seconds since 1970.</param>
    internal virtual bool IsExemplarDue(double value, double before) => false;

    /// <summary>Keeps an exemplar of what was observed, where it keeps any, unless it is none that a reader may take.</summary>
    internal void KeepExemplar(Exemplar exemplar)
    {
        if (ExemplarRule.Allows(exemplar))
            StoreExemplar(exemplar);
    }

    /// <summary>Puts an exemplar that was checked in its place.</summary>
    internal virtual void StoreExemplar(Exemplar exemplar) { }

    /// <summary>Keeps one of this moment, unless it has no labels.</summary>
    private protected void KeepExemplar(ValueList<Label> labels, double value)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count > 0)
            KeepExemplar(new Exemplar(labels, value, TimeProvider.System.UnixSeconds()));
    }
}
