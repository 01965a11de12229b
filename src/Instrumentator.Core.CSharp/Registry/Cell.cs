namespace Instrumentator;

/// <summary>What one series is written to: a <see cref="Counter"/>, <see cref="Gauge"/>, <see cref="Histogram"/> or <see cref="Summary"/>.</summary>
/// <remarks>Safe for use by many threads. Those of a registry with memory of its own never lock when they are written, and allocate nothing.</remarks>
public abstract class Cell
{
    private protected Cell() { }

    /// <summary>What one thread alone may write to in place of this; itself where there is nothing of that kind.</summary>
    /// <param name="writer">The number of this thread.</param>
    internal virtual Cell StripeOf(int writer) => this;
}
