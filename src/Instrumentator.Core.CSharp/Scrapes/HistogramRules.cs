namespace Instrumentator;

/// <summary>The validation of collectors' histograms. Prometheus refuses the whole scrape for one native histogram that
/// contradicts itself.</summary>
/// <remarks>The rules of native histograms are those of Prometheus itself:
/// https://github.com/prometheus/prometheus/blob/main/model/histogram/histogram.go (Validate).</remarks>
internal static class HistogramRules
{
    /// <summary>Returns the error of a histogram; null when it is valid.</summary>
    public static string? ErrorOf(FamilyDefinition definition, SampleValue.Histogram histogram)
    {
        var bounds = histogram.Buckets ?? definition.Buckets;
        return histogram is { Counts: null }
            or { Exemplars: null }
            or { Native: { Negative: null } or { Positive: null } }
            ? "a list is null. Use an empty list instead."
            : histogram.Counts.Count != bounds.Count + 1 ? FormattableString.Invariant(
                $"there are {histogram.Counts.Count} counts, but {bounds.Count} buckets and that of +Inf: ")
                + "specify a count for each."
            : (histogram.Buckets is null ? null : ErrorOfBounds(bounds)) ?? ErrorOfCounts(histogram);
    }

    /// <summary>Returns the error of upper bounds; null when they are valid.</summary>
    public static string? ErrorOfBounds(ValueList<double> bounds)
    {
        for (var i = 0; i < bounds.Count; i++)
        {
            if (!double.IsFinite(bounds[i]) || i > 0 && bounds[i] <= bounds[i - 1])
            {
                return $"the buckets are {bounds}: use finite upper bounds, each once and in increasing order; "
                    + "+Inf is implicit.";
            }
        }
        return null;
    }

    private static string? ErrorOfCounts(SampleValue.Histogram histogram)
    {
        var total = (long?)0;
        foreach (var count in histogram.Counts.Span)
            total = Add(total, count);
        if (total is not { } observations)
        {
            return $"the counts are {histogram.Counts}: use those of each bucket alone, 0 or more, "
                + "and at most 2^63 - 1 together.";
        }
        return histogram.Native is { } native ? ErrorOfNative(native, observations, histogram.Sum) : null;
    }

    private static string? ErrorOfNative(NativeHistogram native, long observations, double sum)
    {
        if (native.Schema is < NativeBuckets.MinSchema or > NativeBuckets.MaxSchema)
        {
            return FormattableString.Invariant($"the schema of the native buckets is {native.Schema}: ")
                + FormattableString.Invariant($"use {NativeBuckets.MinSchema} to {NativeBuckets.MaxSchema}.");
        }
        if (native.ZeroThreshold is not (>= 0 and <= double.MaxValue))
        {
            return FormattableString.Invariant($"the zero threshold is {native.ZeroThreshold}: ")
                + "use a finite number, 0 or more.";
        }
        return ErrorOfIndexes(native.Schema, native.Negative)
            ?? ErrorOfIndexes(native.Schema, native.Positive)
            ?? ErrorOfNativeCounts(native, observations, sum);
    }

    // From the bucket of the smallest double to that of infinity.
    private static string? ErrorOfIndexes(int schema, ValueList<NativeBucket> buckets)
    {
        var (first, last) = (
            NativeKey.IndexOf(double.Epsilon, schema),
            NativeKey.IndexOf(double.PositiveInfinity, schema));
        var before = first - 1;
        foreach (var bucket in buckets.Span)
        {
            if (bucket.Index <= before || bucket.Index > last)
            {
                return FormattableString.Invariant($"the native bucket {bucket.Index} is out of place: use each index ")
                    + FormattableString.Invariant($"once, in increasing order, from {first} to {last}.");
            }
            before = bucket.Index;
        }
        return null;
    }

    // Only a sum of NaN allows for fewer: an observation of NaN is in no native bucket.
    private static string? ErrorOfNativeCounts(NativeHistogram native, long observations, double sum)
    {
        var total = Add(0, native.ZeroCount);
        foreach (var bucket in native.Negative.Span)
            total = Add(total, bucket.Count);
        foreach (var bucket in native.Positive.Span)
            total = Add(total, bucket.Count);
        if (total is not { } inBuckets)
            return "a native bucket has a count below 0. Use the number of its observations.";
        return inBuckets == observations || double.IsNaN(sum) && inBuckets < observations
            ? null
            : FormattableString.Invariant($"the native buckets have {inBuckets} observations, but the classic ones ")
                + FormattableString.Invariant($"{observations}: use the same observations for both.");
    }

    // Null for a negative count or an overflow.
    private static long? Add(long? total, long count) =>
        count < 0 || total > long.MaxValue - count ? null : total + count;
}
