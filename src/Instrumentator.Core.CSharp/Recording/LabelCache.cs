using System.Collections.Concurrent;

namespace Instrumentator;

/// <summary>The labels that an instrumentation caches with their series, each once: for all routes, path bases,
/// methods, statuses and bounded values together.</summary>
/// <remarks>Safe for use by many threads. Equal labels are one object, so endpoints that an app replaces take no
/// further room.</remarks>
internal sealed class LabelCache
{
    /// <summary>The maximum number of labels. Further ones are created, and their series looked up, for each
    /// request.</summary>
    public const int MaxLabels = 100_000;

    private readonly ConcurrentDictionary<RequestLabels, RequestLabels> _all = [];
    private int _count;

    /// <summary>Replaces labels by the cached ones that equal them, or caches them if there is room.</summary>
    /// <returns>False if there is no room. Nothing may keep the labels then.</returns>
    public bool TryShare(ref RequestLabels labels)
    {
        if (!_all.TryGetValue(labels, out var known))
        {
            if (Volatile.Read(ref _count) >= MaxLabels || Interlocked.Increment(ref _count) > MaxLabels)
                return false;
            known = _all.GetOrAdd(labels, labels);
        }
        labels = known;
        return true;
    }
}
