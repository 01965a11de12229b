namespace Instrumentator.Testing;

/// <summary>The rules for the buckets of one series, in either format.</summary>
internal static class Buckets
{
    /// <summary>Checks the order, the counts and the last bucket, and returns the last bucket.</summary>
    /// <param name="buckets">The buckets, in the order of the text.</param>
    /// <param name="first">The first line of the series.</param>
    /// <param name="name">The name of the family.</param>
    public static ReadSample Check(ReadSample[] buckets, SourceLine first, string name)
    {
        if (buckets is not [.., var last] || BoundOf(last) != double.PositiveInfinity)
            throw first.Error($"{name} has no last bucket +Inf for these labels");
        for (var i = 0; i < buckets.Length; i++)
        {
            if (!double.IsInteger(buckets[i].Value) || buckets[i].Value < 0)
                throw buckets[i].Line.Error("A bucket must be a whole number");
            if (i > 0)
                CheckPair(buckets[i - 1], buckets[i]);
        }
        return last;
    }

    /// <summary>Returns the upper bound of a bucket.</summary>
    public static double BoundOf(ReadSample bucket) =>
        NumberText.OfLabel(bucket.Sample.ValueOf("le"))
            ?? throw bucket.Line.Error("A bucket must have a label le, which is a number or +Inf");

    private static void CheckPair(ReadSample before, ReadSample bucket)
    {
        if (!(BoundOf(before) < BoundOf(bucket)))
            throw bucket.Line.Error("Buckets must be in increasing order of le");
        if (bucket.Value < before.Value)
            throw bucket.Line.Error("Buckets must be cumulative");
    }
}
