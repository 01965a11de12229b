namespace Instrumentator;

/// <summary>A value that goes up and down.</summary>
/// <remarks>Safe for use by many threads. With the built-in backend, each change is one step: a reading is a value that
/// the gauge had, and a <see cref="Set"/> loses no concurrent <see cref="Add"/>.</remarks>
/// <example><code>registry.Gauge("queue_length", "Jobs that wait.").Set(jobs.Count);</code></example>
public abstract class Gauge : Cell
{
    /// <summary>Gets the value.</summary>
    public abstract double Value { get; }

    /// <summary>Sets the value.</summary>
    /// <param name="value">Any number.</param>
    public abstract void Set(double value);

    /// <summary>Adds an amount.</summary>
    /// <param name="amount">Any number; negative ones subtract.</param>
    public abstract void Add(double amount);

    /// <summary>Adds one.</summary>
    public void Increment() => Add(1);

    /// <summary>Subtracts one.</summary>
    public void Decrement() => Add(-1);
}
