namespace Instrumentator;

/// <summary>The options of a histogram of your own.</summary>
/// <example><code>
/// registry.Histogram("job_seconds", "Time a job took.", new HistogramOptions { Native = new(), Buckets = [] });
/// </code></example>
public sealed record HistogramOptions
{
    /// <summary>The upper bounds of the classic buckets, in the unit of the observations, finite and increasing;
    /// <c>+Inf</c> is implicit.</summary>
    /// <remarks>With <see cref="Native"/> buckets, the list may be empty, <c>[]</c>: text formats then show only
    /// <c>+Inf</c>.</remarks>
    /// <value>The default is <see cref="Buckets.Default"/>, in seconds.</value>
    public ValueList<double> Buckets { get; init; } = Instrumentator.Buckets.Default;

    /// <summary>The native buckets, in addition to the classic buckets.</summary>
    /// <value>The default is null: no native buckets.</value>
    public NativeBuckets? Native { get; init; }
}
