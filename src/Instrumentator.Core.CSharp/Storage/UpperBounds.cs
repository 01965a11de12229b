namespace Instrumentator;

/// <summary>The upper bounds of a histogram's buckets, ascending, without <c>+Inf</c>. All series of a family share one
/// instance.</summary>
internal sealed class UpperBounds(ReadOnlySpan<double> bounds)
{
    private readonly double[] _bounds = bounds.ToArray();

    public int Count => _bounds.Length;

    /// <summary>Returns the index of the first bucket whose upper bound is not below the value; for NaN, that of
    /// <c>+Inf</c>.</summary>
    /// <remarks>A linear search from the front: bounds are few, and most requests are fast.</remarks>
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
