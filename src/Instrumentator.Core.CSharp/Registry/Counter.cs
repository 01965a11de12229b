namespace Instrumentator;

/// <summary>A total that only goes up.</summary>
/// <remarks>Safe for use by many threads.</remarks>
/// <example><code>registry.Counter("orders_total", "Orders taken.").Increment();</code></example>
public abstract class Counter : Cell
{
    /// <summary>Gets the total.</summary>
    public abstract double Value { get; }

    /// <summary>Adds one.</summary>
    public abstract void Increment();

    /// <summary>Adds an amount.</summary>
    /// <param name="amount">0 or more, and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative, infinite or NaN.</exception>
    public void Increment(double amount)
    {
        if (!(amount >= 0 && double.IsFinite(amount)))
            ThrowNotAnAmount(amount);
        Add(amount);
    }

    /// <summary>Adds an amount and keeps it as an exemplar.</summary>
    /// <param name="amount">0 or more, and finite.</param>
    /// <param name="exemplar">Labels that lead to the counted event, such as <c>trace_id</c>: at most 128 characters in
    /// total. Without labels, or with more characters, no exemplar is kept.</param>
    /// <remarks>The counter keeps the last exemplar. A counter of another library keeps the exemplars that the library
    /// keeps.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="exemplar"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative, infinite or NaN.</exception>
    /// <example><code>
    /// orders.Increment(1, [("trace_id", Activity.Current?.TraceId.ToHexString() ?? "")]);
    /// </code></example>
    public void Increment(double amount, ValueList<Label> exemplar)
    {
        Increment(amount);
        KeepExemplar(exemplar, amount);
    }

    /// <summary>Adds a validated amount: 0 or more, and finite.</summary>
    /// <param name="amount">The amount.</param>
    protected abstract void Add(double amount);

    private static void ThrowNotAnAmount(double amount) =>
        throw new ArgumentOutOfRangeException(
            nameof(amount),
            amount,
            "A counter only goes up: add 0 or more, or use a gauge.");
}
