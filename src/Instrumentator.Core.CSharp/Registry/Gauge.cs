namespace Instrumentator;

/// <summary>A value that goes up and down.</summary>
/// <remarks>Safe for use by many threads; writing never locks and allocates nothing.</remarks>
/// <example><code>registry.Gauge("queue_length", "Jobs that wait.").Set(jobs.Count);</code></example>
public sealed class Gauge : Cell
{
    private double _value;

    internal Gauge() { }

    /// <summary>The value.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>Makes it this value.</summary>
    /// <param name="value">Any number.</param>
    public void Set(double value) => Volatile.Write(ref _value, value);

    /// <summary>Adds one.</summary>
    public void Increment() => Add(1);

    /// <summary>Takes one off.</summary>
    public void Decrement() => Add(-1);

    /// <summary>Adds an amount.</summary>
    /// <param name="amount">Any number; one below 0 takes off.</param>
    public void Add(double amount) => AtomicDouble.Add(ref _value, amount);

    internal override SampleValue Read() => new SampleValue.Gauge(Value);
}
