namespace Instrumentator;

/// <summary>Observations counted in buckets, and their sum.</summary>
/// <remarks>Safe for use by many threads.</remarks>
/// <example><code>registry.Histogram("job_seconds", "Time a job took.", [0.1, 1, 10]).Observe(seconds);</code></example>
public abstract class Histogram : Cell
{
    /// <summary>How many observations there were.</summary>
    public abstract long Count { get; }

    /// <summary>The sum of all observations.</summary>
    public abstract double Sum { get; }

    /// <summary>Counts an observation in the first bucket whose upper bound is not below it.</summary>
    /// <param name="value">Any number, in the unit of the bounds. NaN counts in the <c>+Inf</c> bucket and makes the sum NaN.</param>
    public abstract void Observe(double value);

    /// <summary>Counts an observation, and keeps it as an exemplar of its bucket.</summary>
    /// <param name="value">Any number, in the unit of the bounds.</param>
    /// <param name="exemplar">Labels that lead to what is observed, such as <c>trace_id</c>, of 128 characters together at the most; longer ones and empty ones make none.</param>
    /// <remarks>Each bucket keeps the last one. Without classic buckets there are places for ten. A histogram that keeps its numbers in another library keeps what that library keeps.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="exemplar"/> is null.</exception>
    public void Observe(double value, ValueList<Label> exemplar)
    {
        Observe(value);
        KeepExemplar(exemplar, value);
    }
}
