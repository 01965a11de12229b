namespace Instrumentator;

/// <summary>The native buckets of a histogram, as they are told to a sink. Good until the call returns. The default value stands for none.</summary>
internal readonly ref struct NativeReading(int schema, double zeroThreshold, long zeroCount, ReadOnlySpan<NativeBucket> negative, ReadOnlySpan<NativeBucket> positive)
{
    public bool Exists { get; } = true;

    public int Schema { get; } = schema;

    public double ZeroThreshold { get; } = zeroThreshold;

    public long ZeroCount { get; } = zeroCount;

    public ReadOnlySpan<NativeBucket> Negative { get; } = negative;

    public ReadOnlySpan<NativeBucket> Positive { get; } = positive;

    public NativeHistogram? ToValue() =>
        Exists ? new NativeHistogram(Schema, ZeroThreshold, ZeroCount, ValueList.Create(Negative), ValueList.Create(Positive)) : null;
}
