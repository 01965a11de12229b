namespace Instrumentator;

/// <summary>The full families of a registry, reported by a counter in the registry itself and, once per family, to
/// watchers.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class Overflows(Registry registry, RegistryWatchers watchers)
{
    public const string CounterName = "instrumentator_series_dropped_total";

    private readonly Lock _lock = new();
    private readonly List<(string Metric, int Limit)> _full = [];

    private LazyCounter? _dropped;

    /// <summary>Registers the counter, so that a clash of names shows at startup.</summary>
    public void Register() => _dropped = new(
        registry,
        CounterName,
        "Lookups of label values beyond the series limit of their metric. "
        + "They share the series with the values _overflow.",
        "metric");

    /// <summary>Returns the counter of a family's lookups over its limit.</summary>
    public Counter CounterOf(string metric) => _dropped!.Of(metric);

    /// <summary>Reports a full family. A second call for it has no effect. Call it outside its lock.</summary>
    public void Add(string metric, int limit)
    {
        List<IRegistryWatcher> all;
        lock (_lock)
        {
            if (_full.Exists(full => full.Metric == metric))
                return;
            _full.Add((metric, limit));
            all = watchers.Alive();
        }
        RegistryWatchers.Tell(all, watcher => watcher.OnOverflow(metric, limit));
    }

    /// <summary>Counts lookups over the limit of a metric outside the registry, and reports the metric once.</summary>
    public void Report(string metric, int limit, long lookups)
    {
        CounterOf(metric).Increment(lookups);
        Add(metric, limit);
    }

    /// <summary>Reports all families that are full, now or later, to a watcher. A second call has no effect.</summary>
    public void Watch(IRegistryWatcher watcher)
    {
        (string Metric, int Limit)[] full;
        lock (_lock)
        {
            if (!watchers.TryAdd(watcher))
                return;
            full = [.. _full];
        }
        foreach (var (metric, limit) in full)
            RegistryWatchers.Tell([watcher], one => one.OnOverflow(metric, limit));
    }
}
