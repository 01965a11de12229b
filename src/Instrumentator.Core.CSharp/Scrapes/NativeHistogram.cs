using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The native, exponential buckets of a histogram at one moment, without empty ones.</summary>
/// <param name="Schema">The resolution, from −4 to 8: the bound of bucket <c>i</c> is 2 to the power of <c>i</c> /
/// 2^<c>Schema</c>.</param>
/// <param name="ZeroThreshold">The largest absolute value in the zero bucket.</param>
/// <param name="ZeroCount">The number of observations in the zero bucket.</param>
/// <param name="Negative">Buckets of negative observations, by ascending index; they mirror the positive ones.</param>
/// <param name="Positive">Buckets of positive observations, by ascending index.</param>
/// <remarks>See https://prometheus.io/docs/specs/native_histograms/#data-model.</remarks>
public sealed record NativeHistogram(
    int Schema,
    double ZeroThreshold,
    long ZeroCount,
    ValueList<NativeBucket> Negative,
    ValueList<NativeBucket> Positive)
{
    internal NativeReading Reading => new(Schema, ZeroThreshold, ZeroCount, Negative.Span, Positive.Span);
}

/// <summary>A native bucket that is not empty.</summary>
/// <param name="Index">The index. The upper bound of bucket 0 is 1.</param>
/// <param name="Count">The number of observations in it alone, not cumulative.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NativeBucket(int Index, long Count);

/// <summary>The native buckets of a histogram, as a writer receives them. Valid until the call returns. The default
/// value means none.</summary>
internal readonly ref struct NativeReading(
    int schema,
    double zeroThreshold,
    long zeroCount,
    ReadOnlySpan<NativeBucket> negative,
    ReadOnlySpan<NativeBucket> positive)
{
    public bool Exists { get; } = true;

    public int Schema { get; } = schema;

    public double ZeroThreshold { get; } = zeroThreshold;

    public long ZeroCount { get; } = zeroCount;

    public ReadOnlySpan<NativeBucket> Negative { get; } = negative;

    public ReadOnlySpan<NativeBucket> Positive { get; } = positive;

    public NativeHistogram? ToValue() =>
        Exists ? new(Schema, ZeroThreshold, ZeroCount, ValueList.Create(Negative), ValueList.Create(Positive)) : null;
}
