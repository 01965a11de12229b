namespace Instrumentator;

/// <summary>The memory that one series writes to: a <see cref="Counter"/>, <see cref="Gauge"/>, <see cref="Histogram"/> or <see cref="Summary"/>.</summary>
/// <remarks>Writing never locks and allocates nothing. Safe for use by many threads.</remarks>
public abstract class Cell
{
    private protected Cell() { }

    /// <summary>What it holds now.</summary>
    internal abstract SampleValue Read();
}
