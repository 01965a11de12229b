namespace Instrumentator;

/// <summary>Observations as their count and their sum, without quantiles.</summary>
/// <remarks>Safe for use by many threads; observing never locks and allocates nothing.</remarks>
/// <example><code>registry.Summary("upload_bytes", "Size of uploads.").Observe(file.Length);</code></example>
public sealed class Summary : Cell
{
    // 16 MiB: half a million million such observations fit into the word.
    private const long MostWhole = 1L << 24;

    // As in a counter: whole numbers, sizes for one, are added without a loop.
    private long _count;
    private long _whole;
    private double _fraction;

    internal Summary() { }

    /// <summary>How many observations there were.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The sum of all observations.</summary>
    public double Sum => Volatile.Read(ref _whole) + Volatile.Read(ref _fraction);

    /// <summary>Counts an observation and adds it to the sum.</summary>
    /// <param name="value">Any number.</param>
    public void Observe(double value)
    {
        AtomicDouble.Add(ref _fraction, value);
        Interlocked.Increment(ref _count);
    }

    /// <summary>Counts a whole number, such as a size in bytes, and adds it to the sum.</summary>
    /// <param name="value">Any whole number.</param>
    public void Observe(long value)
    {
        // Clients declare sizes: without this, a few huge ones could carry the sum over the end of the word.
        if (value is < -MostWhole or > MostWhole)
        {
            Observe((double)value);
            return;
        }
        Interlocked.Add(ref _whole, value);
        Interlocked.Increment(ref _count);
    }


    internal override SampleValue Read() => new SampleValue.Summary(Count, Sum);
}
