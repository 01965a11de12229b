using System.Numerics;

namespace Instrumentator.Properties.Reference;

/// <summary>Native buckets by their definition, with arbitrary-precision integers: no logarithm, no table, no
/// rounding.</summary>
internal static class NaiveNative
{
    /// <summary>Returns the buckets of sequential observations.</summary>
    public static NativeHistogram Of(NativeBuckets buckets, IEnumerable<double> values)
    {
        var schema = buckets.Schema;
        var seen = new List<double>();
        foreach (var value in values.Where(value => !double.IsNaN(value)))
        {
            seen.Add(value);
            while (schema > -4
                && Buckets(seen, schema, buckets.ZeroThreshold, 1).Count
                    + Buckets(seen, schema, buckets.ZeroThreshold, -1).Count > buckets.MaxBuckets)
            {
                schema--;
            }
        }
        return In(buckets with { Schema = schema }, seen);
    }

    /// <summary>Returns the buckets of observations in a fixed schema.</summary>
    public static NativeHistogram In(NativeBuckets buckets, IReadOnlyCollection<double> values) => new(
        buckets.Schema,
        buckets.ZeroThreshold,
        values.LongCount(value => Math.Abs(value) <= buckets.ZeroThreshold),
        Buckets(values, buckets.Schema, buckets.ZeroThreshold, -1),
        Buckets(values, buckets.Schema, buckets.ZeroThreshold, 1));

    /// <summary>Returns the bucket of a number above 0: the first index i for which the number is at most
    /// 2^(i / 2^schema).</summary>
    public static int IndexOf(double positive, int schema)
    {
        if (double.IsPositiveInfinity(positive))
            return IndexOf(double.MaxValue, schema) + 1;

        // The number is digits · 2^-halvings.
        var (digits, halvings) = (new BigInteger(positive), 0);
        for (var scaled = positive;
            new BigInteger(scaled) is var whole && (double)whole != scaled || whole.IsZero;
            halvings++)
        {
            (scaled, digits) = (scaled * 2, new BigInteger(scaled * 2));
        }

        // x ≤ 2^(i/n) is x^n ≤ 2^i.
        var power = 1 << Math.Max(schema, 0);
        var index = CeilingOfLog2(BigInteger.Pow(digits, power)) - (halvings * power);
        return schema >= 0 ? index : (int)Math.Ceiling(index / Math.Pow(2, -schema));
    }

    private static int CeilingOfLog2(BigInteger number) => (int)(number - 1).GetBitLength();

    private static ValueList<NativeBucket> Buckets(
        IEnumerable<double> values, int schema, double zeroThreshold, int sign) =>
        ValueList.From(values
            .Where(value => Math.Abs(value) > zeroThreshold && Math.Sign(value) == sign)
            .CountBy(value => IndexOf(Math.Abs(value), schema))
            .OrderBy(bucket => bucket.Key)
            .Select(bucket => new NativeBucket(bucket.Key, bucket.Value)));
}
