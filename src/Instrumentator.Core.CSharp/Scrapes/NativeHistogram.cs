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
