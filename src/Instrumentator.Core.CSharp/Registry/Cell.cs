namespace Instrumentator;

/// <summary>The storage of one series: a <see cref="Counter"/>, <see cref="Gauge"/>, <see cref="Histogram"/> or
/// <see cref="Summary"/>.</summary>
/// <remarks>Safe for use by many threads. With the built-in backend, writing to a cell takes no lock and allocates
/// nothing.</remarks>
public abstract class Cell
{
    private protected Cell() { }

    /// <summary>The family of the built-in backend whose scrapes contain the series; null after it was removed, and for
    /// another backend.</summary>
    internal CellFamily? Owner { get; set; }

    /// <summary>Removes the series from the backend's scrapes: its family has removed it. Observations that are still
    /// recorded here go nowhere.</summary>
    /// <remarks>A backend whose cells do not override it keeps removed series.</remarks>
    protected internal virtual void OnRemoved()
    {
        var owner = Owner;
        Owner = null;
        owner?.OnRemoved();
    }

    /// <summary>Returns whether an observation is due as an exemplar: its slot is empty or its exemplar too
    /// old.</summary>
    /// <param name="value">The observed value.</param>
    /// <param name="before">The time before which an exemplar is too old, in seconds since 1970.</param>
    internal virtual bool IsExemplarDue(double value, double before) => false;

    /// <summary>Keeps an exemplar. One that breaks a rule of OpenMetrics, for example with more than 128 characters of
    /// labels, is dropped without an error.</summary>
    internal void KeepExemplar(Exemplar exemplar)
    {
        if (ExemplarRule.Allows(exemplar))
            StoreExemplar(exemplar);
    }

    /// <summary>Stores a validated exemplar in its slot.</summary>
    internal virtual void StoreExemplar(Exemplar exemplar) { }

    /// <summary>Keeps an exemplar with the current time, unless it has no labels.</summary>
    private protected void KeepExemplar(ValueList<Label> labels, double value)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count > 0)
            KeepExemplar(new Exemplar(labels, value, TimeProvider.System.UnixSeconds()));
    }
}
