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
}
