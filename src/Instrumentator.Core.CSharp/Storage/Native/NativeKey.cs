namespace Instrumentator;

/// <summary>The native bucket and the classic bucket of an observation, as one number that is never 0.</summary>
/// <remarks>
/// Both kinds of bucket divide the same line, so few of all pairs occur. With a count for each pair, an observation is
/// one addition, and both kinds have equally many observations in every scrape.
/// </remarks>
internal static class NativeKey
{
    /// <summary>The finest schema: its number of steps from schema 0.</summary>
    private const int Finest = NativeBuckets.MaxSchema;

    // The bucket of the largest finite double, with the upper bound 2^1024: infinity is in the next.
    private const int LastFinite = 1024 * NativeBounds.PerDoubling;

    private const int FractionBits = 52;
    private const int ExponentBias = 1023;

    /// <summary>Returns the key of an observation.</summary>
    /// <param name="value">The observed value.</param>
    /// <param name="schema">The schema of the buckets.</param>
    /// <param name="zeroThreshold">The largest distance from 0 in the zero bucket.</param>
    /// <param name="classic">The index of its classic bucket.</param>
    public static long Of(double value, int schema, double zeroThreshold, int classic)
    {
        if (value > zeroThreshold)
            return Of(NativeSide.Positive, IndexOf(value, schema), classic);
        if (value < -zeroThreshold)
            return Of(NativeSide.Negative, IndexOf(-value, schema), classic);
        return Of(double.IsNaN(value) ? NativeSide.None : NativeSide.Zero, 0, classic);
    }

    public static NativeSide SideOf(long key) => (NativeSide)(key & 7);

    public static int IndexOf(long key) => (int)(key >> 32);

    public static int ClassicOf(long key) => (int)(key >> 3) & 0x1FFF_FFFF;

    /// <summary>Returns whether two keys of one schema have the same native bucket.</summary>
    public static bool AreInOneBucket(long key, long other) =>
        IndexOf(key) == IndexOf(other) && SideOf(key) == SideOf(other);

    /// <summary>Returns the index of the wider bucket that contains a bucket.</summary>
    /// <param name="index">The index in the finer schema.</param>
    /// <param name="steps">How many steps coarser the schema is.</param>
    public static int Coarser(int index, int steps) => (index + (1 << steps) - 1) >> steps;

    /// <summary>Returns the index of the bucket of a positive number.</summary>
    public static int IndexOf(double positive, int schema) => Coarser(FinestIndexOf(positive), Finest - schema);

    private static int FinestIndexOf(double positive)
    {
        if (double.IsPositiveInfinity(positive))
            return LastFinite + 1;
        var doublings = 0;
        if (!double.IsNormal(positive))
            (positive, doublings) = (positive * (1L << FractionBits), -FractionBits);
        var bits = BitConverter.DoubleToInt64Bits(positive);
        doublings += (int)(bits >> FractionBits) - ExponentBias;
        return (doublings * NativeBounds.PerDoubling) + NativeBounds.Find(bits & ((1L << FractionBits) - 1));
    }

    private static long Of(NativeSide side, int index, int classic) =>
        ((long)index << 32) | ((long)classic << 3) | (long)side;
}
