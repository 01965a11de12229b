using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The native buckets of a histogram at one moment: exponential ones, of which only those are there that hold anything.</summary>
/// <param name="Schema">How fine they are, from −4 to 8: bucket <c>i</c> ends at 2 to the power of <c>i</c> / 2^<c>Schema</c>.</param>
/// <param name="ZeroThreshold">Observations not further from 0 than this are in the zero bucket.</param>
/// <param name="ZeroCount">How many are in the zero bucket.</param>
/// <param name="Negative">Buckets of negative observations, by rising index; they mirror those of positive ones.</param>
/// <param name="Positive">Buckets of positive observations, by rising index.</param>
/// <remarks>See https://prometheus.io/docs/specs/native_histograms/#data-model.</remarks>
public sealed record NativeHistogram(int Schema, double ZeroThreshold, long ZeroCount, ValueList<NativeBucket> Negative, ValueList<NativeBucket> Positive)
{
    internal NativeReading Reading => new(Schema, ZeroThreshold, ZeroCount, Negative.Span, Positive.Span);
}

/// <summary>A native bucket that holds something.</summary>
/// <param name="Index">Which one it is. That of index 0 ends at 1.</param>
/// <param name="Count">How many observations are in it by itself.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NativeBucket(int Index, long Count);

/// <summary>The native buckets of a histogram as a writer gets them. Good until the call returns. The default value
/// stands for none.</summary>
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
