using System.Collections.Concurrent;

namespace Instrumentator;

/// <summary>The labels or gauges of a route, cached for each combination of bounded values.</summary>
/// <remarks>Safe for use by many threads. Allocates nothing for a known combination.</remarks>
/// <param name="bounded">The values.</param>
/// <param name="create">Creates the object from a group and the texts of a combination, and returns whether it may be
/// cached.</param>
internal sealed class ByCombination<T>(BoundedValues bounded, Func<int, BoundedTexts, (T One, bool MayCache)> create)
    where T : class
{
    private readonly ConcurrentDictionary<UInt128, T> _known = [];

    /// <summary>Returns the object of a request; creates a new one each time when it cannot be cached.</summary>
    /// <param name="group">The rest of the key: the index of a method, or of a method and a status.</param>
    /// <param name="source">The request.</param>
    public T Find(int group, in LabelSource source) => bounded.AreNumbered
        ? Find(group, bounded.CombinationOf(source), null)
        : create(group, bounded.TextsOf(source)).One;

    /// <summary>Returns the object of a request whose values were read before.</summary>
    /// <inheritdoc cref="Find(int, in LabelSource)"/>
    public T Find(int group, BoundedTexts read) => bounded.AreNumbered
        ? Find(group, read.Combination, read)
        : create(group, read).One;

    private T Find(int group, UInt128 combination, BoundedTexts? texts)
    {
        var key = ((uint)group * bounded.Combinations) + combination;
        if (_known.TryGetValue(key, out var one))
            return one;
        (one, var mayCache) = create(group, texts ?? bounded.TextsOf(combination));
        return mayCache ? _known.GetOrAdd(key, one) : one;
    }
}
