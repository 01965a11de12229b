using System.Collections.Concurrent;
using Instrumentator.Adapters;

namespace Instrumentator;

/// <summary>The labels or gauges of a route, cached for each combination of allow-listed values.</summary>
/// <remarks>Safe for use by many threads. Allocates nothing for a known combination.</remarks>
/// <param name="listed">The values.</param>
/// <param name="create">Creates the object to cache from a group and the texts of a combination.</param>
internal sealed class ByCombination<T>(ListedValues listed, Func<int, ListedTexts, T> create)
    where T : class
{
    private readonly ConcurrentDictionary<UInt128, T> _known = [];

    /// <summary>Returns the object of a request; creates a new one each time when it cannot be cached.</summary>
    /// <param name="group">The rest of the key: the index of a method, or of a method and a status.</param>
    /// <param name="exchange">The request.</param>
    public T Find(int group, Exchange exchange)
    {
        if (!listed.AreNumbered)
            return create(group, listed.TextsOf(exchange));
        var combination = listed.CombinationOf(exchange);
        var key = ((uint)group * listed.Combinations) + combination;
        if (_known.TryGetValue(key, out var one))
            return one;
        one = create(group, listed.TextsOf(combination));
        return listed.TryReserve() ? _known.GetOrAdd(key, one) : one;
    }
}
