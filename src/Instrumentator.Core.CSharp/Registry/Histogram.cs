namespace Instrumentator;

/// <summary>Observations counted in buckets, and their sum.</summary>
/// <remarks>Safe for use by many threads.</remarks>
/// <example><code>
/// registry.Histogram("job_seconds", "Time a job took.", [0.1, 1, 10]).Observe(seconds);
/// </code></example>
public abstract class Histogram : Cell
{
    /// <summary>Gets the number of observations.</summary>
    public abstract long Count { get; }

    /// <summary>Gets the sum of all observations.</summary>
    public abstract double Sum { get; }

    /// <summary>Counts an observation in the first bucket whose upper bound is not below it.</summary>
    /// <param name="value">Any number, in the unit of the bounds. NaN counts in the <c>+Inf</c> bucket and makes the
    /// sum NaN.</param>
    public abstract void Observe(double value);

    /// <summary>Counts an observation and keeps it as an exemplar of its bucket.</summary>
    /// <param name="value">Any number, in the unit of the bounds.</param>
    /// <param name="exemplar">Labels that lead to the observed event, such as <c>trace_id</c>: at most 128 characters
    /// in total. Without labels, or with more characters, no exemplar is kept.</param>
    /// <remarks>Each bucket keeps its last exemplar. Without classic buckets, the histogram keeps up to ten. A
    /// histogram of another library keeps the exemplars that the library keeps.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="exemplar"/> is null.</exception>
    public void Observe(double value, ValueList<Label> exemplar)
    {
        Observe(value);
        KeepExemplar(exemplar, value);
    }
}
