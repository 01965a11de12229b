namespace Instrumentator;

/// <summary>Native buckets of a histogram: exponential ones, which need no chosen bounds and are created on
/// demand.</summary>
/// <remarks>
/// Each bucket is 2^(1 / 2^<see cref="Schema"/>) times as wide as the one before, so a quantile has this precision
/// wherever it lies. Only the protobuf format contains them, which Prometheus requests with
/// <c>scrape_native_histograms: true</c>, or up to version 3.7 with the feature <c>native-histograms</c>; other readers
/// see the classic buckets. See
/// https://prometheus.io/docs/specs/native_histograms/.
/// </remarks>
/// <example><code>Metrics.Latency(new() { Native = new() })</code></example>
public sealed record NativeBuckets
{
    /// <summary>The coarsest schema: each bucket is 65,536 times as wide as the one before.</summary>
    public const int MinSchema = -4;

    /// <summary>The finest schema: each bucket is 0.27% wider than the one before.</summary>
    public const int MaxSchema = 8;

    /// <summary>Gets the resolution: 2^<c>Schema</c> buckets from a value to its double. From −4 to 8.</summary>
    /// <value>The default is 3: each bucket is 9% wider than the one before.</value>
    public int Schema { get; init; } = 3;

    /// <summary>Gets the largest absolute value in the zero bucket, in the unit of the observations. 0 or more, and
    /// finite.</summary>
    /// <value>The default is 2^−128, so that only 0 and rounding errors of computed zeros are in it.</value>
    public double ZeroThreshold { get; init; } = Math.ScaleB(1, -128);

    /// <summary>Gets the maximum number of buckets of a series, without the zero bucket. 1 or more.</summary>
    /// <remarks>When observations need more, pairs of buckets merge and the schema drops by one, as often as needed. No
    /// observation is lost. The merging ends with the coarsest schema, which has at most 266 buckets.</remarks>
    /// <value>The default is 160: from 1 ms to 15 min at the default schema.</value>
    public int MaxBuckets { get; init; } = 160;

    /// <summary>Returns the coarsest buckets that are each at most <paramref name="factor"/> times as wide as the one
    /// before: schema 3 for 1.1.</summary>
    /// <param name="factor">More than 1. The finest schema has the factor 1.0027, the coarsest 65,536.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not greater than 1.</exception>
    public static NativeBuckets FromFactor(double factor)
    {
        if (!(factor > 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(factor),
                factor,
                "The growth factor must be greater than 1: for example, 1.1.");
        }
        var schema = -Math.Floor(Math.Log2(Math.Log2(factor)));
        return new NativeBuckets { Schema = (int)Math.Clamp(schema, MinSchema, MaxSchema) };
    }

    internal IEnumerable<string> Validate(string metric)
    {
        if (Schema is < MinSchema or > MaxSchema)
        {
            yield return FormattableString.Invariant($"The native buckets of {metric} have the schema {Schema}: ")
                + FormattableString.Invariant($"use {MinSchema} (coarse) to {MaxSchema} (fine).");
        }
        if (!(ZeroThreshold >= 0 && double.IsFinite(ZeroThreshold)))
        {
            yield return FormattableString.Invariant(
                $"The native buckets of {metric} have the zero threshold {ZeroThreshold}: ")
                + "use a finite number, 0 or more.";
        }
        if (MaxBuckets < 1)
        {
            yield return FormattableString.Invariant(
                $"The native buckets of {metric} have the maximum {MaxBuckets}: use 1 or more.");
        }
    }
}
