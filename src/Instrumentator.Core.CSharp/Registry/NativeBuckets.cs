namespace Instrumentator;

/// <summary>Native buckets of a histogram: exponential ones, which nobody has to choose, and which are made as observations need them.</summary>
/// <remarks>
/// Each is 2^(1 / 2^<see cref="Schema"/>) times as wide as the one before, so a quantile is that exact wherever it lies. Readers get them in the protobuf format alone, for
/// which Prometheus asks with its feature <c>native-histograms</c>; others see the classic buckets. See https://prometheus.io/docs/specs/native_histograms/.
/// </remarks>
/// <example><code>Metrics.Latency(new() { Native = new() })</code></example>
public sealed record NativeBuckets
{
    /// <summary>The coarsest schema: each bucket is 65,536 times as wide as the one before.</summary>
    public const int MinSchema = -4;

    /// <summary>The finest schema: each bucket is 0.27 % wider than the one before.</summary>
    public const int MaxSchema = 8;

    /// <summary>How fine the buckets are: 2^<c>Schema</c> of them from a value to its double. From −4 to 8.</summary>
    /// <value>The default is 3: each is 9 % wider than the one before.</value>
    public int Schema { get; init; } = 3;

    /// <summary>Observations not further from 0 than this, in their unit, share one bucket. 0 or more, and finite.</summary>
    /// <value>The default is 2^−128, so that only 0 and the noise of computed zeros is there.</value>
    public double ZeroThreshold { get; init; } = Math.ScaleB(1, -128);

    /// <summary>How many buckets a series has at the most, the zero bucket not counted. 1 or more.</summary>
    /// <remarks>When observations need one more, pairs become one bucket, and the schema is one less, as often as needed. Nothing is forgotten. That ends with the coarsest schema, which has at
    /// most 266 buckets.</remarks>
    /// <value>The default is 160: from a millisecond to a quarter of an hour at the default schema.</value>
    public int MaxBuckets { get; init; } = 160;

    /// <summary>The coarsest buckets that are each at most this many times as wide as the one before: schema 3 for 1.1.</summary>
    /// <param name="factor">More than 1. There is nothing finer than 1.0027, and nothing coarser than 65,536.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not more than 1.</exception>
    public static NativeBuckets OfFactor(double factor)
    {
        if (!(factor > 1))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "Each bucket is wider than the one before: give more than 1, 1.1 for one.");
        var schema = -Math.Floor(Math.Log2(Math.Log2(factor)));
        return new NativeBuckets { Schema = (int)Math.Clamp(schema, MinSchema, MaxSchema) };
    }

    internal IEnumerable<string> Validate(string metric)
    {
        if (Schema is < MinSchema or > MaxSchema)
            yield return FormattableString.Invariant($"The native buckets of {metric} have the schema {Schema}: give one from {MinSchema} (coarse) to {MaxSchema} (fine).");
        if (!(ZeroThreshold >= 0 && double.IsFinite(ZeroThreshold)))
            yield return FormattableString.Invariant($"The native buckets of {metric} have the zero threshold {ZeroThreshold}: give a finite number, 0 or more.");
        if (MaxBuckets < 1)
            yield return FormattableString.Invariant($"The native buckets of {metric} are {MaxBuckets} at the most: give 1 or more.");
    }
}
