using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>The upper bounds of a histogram's buckets: rising, without <c>+Inf</c>. Where the collector never moves them, so that whoever has the words of a thread by their address can have these by theirs.</summary>
internal sealed class UpperBounds
{
    private readonly double[] _bounds;

    public UpperBounds(ReadOnlySpan<double> bounds)
    {
        _bounds = GC.AllocateArray<double>(bounds.Length, pinned: true);
        bounds.CopyTo(_bounds);
    }

    public int Count => _bounds.Length;

    public ReadOnlySpan<double> Span => _bounds;

    /// <summary>Where they are, and how many. Who keeps it has to keep this, too.</summary>
    public NumberedAddress Place => new(Count > 0 ? Marshal.UnsafeAddrOfPinnedArrayElement(_bounds, 0) : 0, Count);

    /// <inheritdoc cref="BucketOf(double, ReadOnlySpan{double})"/>
    public int BucketOf(double value) => BucketOf(value, Span);

    /// <summary>Those at a <see cref="Place"/>.</summary>
    public static unsafe ReadOnlySpan<double> At(NumberedAddress place) => new((void*)place.Address, place.Number);

    /// <summary>The first bucket whose upper bound is not below the value. Few bounds, and most requests are fast: from the front, one after the other.</summary>
    public static int BucketOf(double value, ReadOnlySpan<double> bounds)
    {
        for (var i = 0; i < bounds.Length; i++)
        {
            if (value <= bounds[i])
                return i;
        }

        return bounds.Length;
    }
}
