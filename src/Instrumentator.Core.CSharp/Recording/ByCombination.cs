using System.Collections.Concurrent;

namespace Instrumentator;

/// <summary>What a route remembers for each combination of values by allow-list: its labels, or its gauges.</summary>
/// <remarks>Safe for use by many threads. Allocates nothing for a combination that is known.</remarks>
/// <param name="listed">The values.</param>
/// <param name="create">Makes what is to be remembered, of a group and the texts of a combination.</param>
internal sealed class ByCombination<T>(ListedValues listed, Func<int, ListedTexts, T> create)
    where T : class
{
    private readonly ConcurrentDictionary<UInt128, T> _known = [];

    /// <summary>Finds what belongs to a request; makes it anew each time where there is no room to remember
    /// it.</summary>
    /// <param name="group">What else tells requests apart: the number of a method, or of a method and a status.</param>
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
