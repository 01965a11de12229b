namespace Instrumentator;

/// <summary>A value that goes up and down.</summary>
/// <remarks>Safe for use by many threads.</remarks>
/// <example><code>registry.Gauge("queue_length", "Jobs that wait.").Set(jobs.Count);</code></example>
public abstract class Gauge : Cell
{
    /// <summary>The value.</summary>
    public abstract double Value { get; }

    /// <summary>Makes it this value.</summary>
    /// <param name="value">Any number.</param>
    public abstract void Set(double value);

    /// <summary>Adds an amount.</summary>
    /// <param name="amount">Any number; one below 0 takes off.</param>
    public abstract void Add(double amount);

    /// <summary>Adds one.</summary>
    public void Increment() => Add(1);

    /// <summary>Takes one off.</summary>
    public void Decrement() => Add(-1);
}
