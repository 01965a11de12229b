namespace Instrumentator;

/// <summary>A total that only goes up.</summary>
/// <remarks>Safe for use by many threads; adding never locks and allocates nothing.</remarks>
/// <example><code>registry.Counter("orders_total", "Orders taken.").Increment();</code></example>
public sealed class Counter : Cell
{
    // Whole numbers and fractions live in two words, so that the usual increment is one atomic addition
    // and no loop. The value is their sum.
    private long _whole;
    private double _fraction;

    internal Counter() { }

    /// <summary>The total.</summary>
    public double Value => Volatile.Read(ref _whole) + Volatile.Read(ref _fraction);

    /// <summary>Adds one.</summary>
    public void Increment() => Interlocked.Increment(ref _whole);

    /// <summary>Adds an amount.</summary>
    /// <param name="amount">0 or more, and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is below 0, infinite or no number.</exception>
    public void Increment(double amount)
    {
        if (!(amount >= 0 && double.IsFinite(amount)))
            ThrowNotAnAmount(amount);
        AtomicDouble.Add(ref _fraction, amount);
    }

    internal override SampleValue Read() => new SampleValue.Counter(Value);

    private static void ThrowNotAnAmount(double amount) =>
        throw new ArgumentOutOfRangeException(nameof(amount), amount, "A counter only goes up: add 0 or more, or use a gauge.");
}
