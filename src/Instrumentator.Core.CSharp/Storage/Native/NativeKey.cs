namespace Instrumentator;

/// <summary>Which native bucket and which classic bucket an observation is in, as one number that is never 0.</summary>
/// <remarks>
/// Both kinds of bucket divide the same line, so few of all pairs occur. With a count for each pair an observation is one addition, and in every scrape both kinds have as many observations.
/// </remarks>
internal static class NativeKey
{
    /// <summary>How many finer schemas the finest one is away from schema 0.</summary>
    private const int Finest = NativeBuckets.MaxSchema;

    // 2^1024, the end of the bucket with the largest finite double: infinity is in the one behind it.
    private const int LastFinite = 1024 * NativeBounds.PerDoubling;

    private const int FractionBits = 52;
    private const int ExponentBias = 1023;

    /// <summary>The key of an observation.</summary>
    /// <param name="value">What was observed.</param>
    /// <param name="schema">How fine the buckets are.</param>
    /// <param name="zeroThreshold">How far from 0 it is in the zero bucket.</param>
    /// <param name="classic">The number of its classic bucket.</param>
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

    /// <summary>Whether two keys of one schema differ in their classic buckets at the most.</summary>
    public static bool AreInOneBucket(long key, long other) => IndexOf(key) == IndexOf(other) && SideOf(key) == SideOf(other);

    /// <summary>The index of the wider bucket that holds the one of this index.</summary>
    /// <param name="index">The index in the finer schema.</param>
    /// <param name="steps">By how much the schema is coarser.</param>
    public static int Coarser(int index, int steps) => (index + (1 << steps) - 1) >> steps;

    /// <summary>The index of the bucket that a number above 0 is in.</summary>
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

    private static long Of(NativeSide side, int index, int classic) => ((long)index << 32) | ((long)classic << 3) | (long)side;
}
