namespace Instrumentator;

/// <summary>The state of a histogram, as a writer receives it. Valid until the call returns.</summary>
/// <param name="counts">The number of observations in each bucket alone, not cumulative; the last one is that of
/// <c>+Inf</c>.</param>
/// <param name="sum">The sum of all observations.</param>
internal readonly ref struct HistogramReading(ReadOnlySpan<long> counts, double sum)
{
    /// <summary>The number of observations in each bucket alone, not cumulative; the last one is that of
    /// <c>+Inf</c>.</summary>
    public ReadOnlySpan<long> Counts { get; } = counts;

    /// <summary>The sum of all observations.</summary>
    public double Sum { get; } = sum;

    /// <summary>The upper bounds if they differ from those of the family, as in other libraries; otherwise
    /// null.</summary>
    public ValueList<double>? Buckets { get; init; }

    /// <summary>An exemplar for each bucket, or null where none was kept; empty when there are none at all.</summary>
    public ReadOnlySpan<Exemplar?> Exemplars { get; init; }

    /// <summary>The native buckets, if the histogram has any and the writer takes them.</summary>
    public NativeReading Native { get; init; }

    /// <summary>When the series began, in seconds since 1970 (UTC); null if unknown.</summary>
    public double? Created { get; init; }

    public SampleValue.Histogram ToValue() => new(ValueList.Create(Counts), Sum)
    {
        Buckets = Buckets,
        Exemplars = ValueList.Create(Exemplars),
        Native = Native.ToValue(),
    };
}
