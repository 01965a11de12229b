namespace Instrumentator;

/// <summary>The state of a histogram, as a writer receives it. Valid until the call returns.</summary>
/// <param name="counts">How many observations are in each bucket by itself, the last one being that of <c>+Inf</c>.</param>
/// <param name="sum">The sum of all.</param>
internal readonly ref struct HistogramReading(ReadOnlySpan<long> counts, double sum)
{
    /// <summary>How many observations are in each bucket by itself, the last one being that of <c>+Inf</c>.</summary>
    public ReadOnlySpan<long> Counts { get; } = counts;

    /// <summary>The sum of all.</summary>
    public double Sum { get; } = sum;

    /// <summary>The upper bounds where they are not the family's, as other libraries may have it; else null.</summary>
    public ValueList<double>? Buckets { get; init; }

    /// <summary>An observation for each bucket, or null where none was kept; empty when there are none at all.</summary>
    public ReadOnlySpan<Exemplar?> Exemplars { get; init; }

    /// <summary>Its native buckets, if it has any and the writer takes them.</summary>
    public NativeReading Native { get; init; }

    public SampleValue.Histogram ToValue() => new(ValueList.Create(Counts), Sum)
    {
        Buckets = Buckets,
        Exemplars = ValueList.Create(Exemplars),
        Native = Native.ToValue(),
    };
}
