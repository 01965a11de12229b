namespace Instrumentator;

/// <summary>A total that only goes up.</summary>
/// <remarks>Safe for use by many threads.</remarks>
/// <example><code>registry.Counter("orders_total", "Orders taken.").Increment();</code></example>
public abstract class Counter : Cell
{
    /// <summary>The total.</summary>
    public abstract double Value { get; }

    /// <summary>Adds one.</summary>
    public abstract void Increment();

    /// <summary>Adds an amount.</summary>
    /// <param name="amount">0 or more, and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is below 0, infinite or no number.</exception>
    public void Increment(double amount)
    {
        if (!(amount >= 0 && double.IsFinite(amount)))
            ThrowNotAnAmount(amount);
        Add(amount);
    }

    /// <summary>Adds an amount, and keeps it as an exemplar.</summary>
    /// <param name="amount">0 or more, and finite.</param>
    /// <param name="exemplar">Labels that lead to what is counted, such as <c>trace_id</c>, of 128 characters together at the most; longer ones and empty ones make none.</param>
    /// <remarks>The counter keeps the last one. One that keeps its numbers in another library keeps what that library keeps.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="exemplar"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The amount is below 0, infinite or no number.</exception>
    /// <example><code>orders.Increment(1, [("trace_id", Activity.Current?.TraceId.ToHexString() ?? "")]);</code></example>
    public void Increment(double amount, ValueList<Label> exemplar)
    {
        Increment(amount);
        KeepExemplar(exemplar, amount);
    }

    /// <summary>Adds an amount that was checked: 0 or more, and finite.</summary>
    /// <param name="amount">The amount.</param>
    protected abstract void Add(double amount);

    private static void ThrowNotAnAmount(double amount) =>
        throw new ArgumentOutOfRangeException(nameof(amount), amount, "A counter only goes up: add 0 or more, or use a gauge.");
}
