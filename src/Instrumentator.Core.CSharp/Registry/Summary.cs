namespace Instrumentator;

/// <summary>Observations as a count and a sum, without quantiles.</summary>
/// <remarks>Safe for use by many threads.</remarks>
/// <example><code>registry.Summary("upload_bytes", "Size of uploads.").Observe(file.Length);</code></example>
public abstract class Summary : Cell
{
    /// <summary>Gets the number of observations.</summary>
    public abstract long Count { get; }

    /// <summary>Gets the sum of all observations.</summary>
    public abstract double Sum { get; }

    /// <summary>Counts an observation and adds it to the sum.</summary>
    /// <param name="value">Any number.</param>
    public abstract void Observe(double value);

    /// <summary>Counts a whole number, such as a size in bytes, and adds it to the sum.</summary>
    /// <param name="value">Any whole number.</param>
    public virtual void Observe(long value) => Observe((double)value);
}
