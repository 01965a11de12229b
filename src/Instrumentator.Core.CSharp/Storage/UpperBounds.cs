namespace Instrumentator;

/// <summary>The upper bounds of a histogram's buckets: rising, without <c>+Inf</c>. All series of a family share one
/// instance.</summary>
internal sealed class UpperBounds(ReadOnlySpan<double> bounds)
{
    private readonly double[] _bounds = bounds.ToArray();

    public int Count => _bounds.Length;

    /// <summary>Returns the index of the first bucket whose upper bound is not below the value; that of <c>+Inf</c> for
    /// NaN.</summary>
    /// <remarks>From the front, one after the other: bounds are few, and most requests are fast.</remarks>
    public int BucketOf(double value)
    {
        var all = _bounds;
        for (var i = 0; i < all.Length; i++)
        {
            if (value <= all[i])
                return i;
        }
        return all.Length;
    }
}
