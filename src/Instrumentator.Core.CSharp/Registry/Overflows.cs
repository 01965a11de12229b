namespace Instrumentator;

/// <summary>The full families of a registry, reported by a counter in the registry itself and, once per family, to
/// watchers.</summary>
/// <remarks>Safe for use by many threads. Watchers are not kept alive: a registry may live as long as the process, but
/// an app does not.</remarks>
internal sealed class Overflows(Registry registry)
{
    public const string CounterName = "instrumentator_series_dropped_total";

    private readonly Lock _lock = new();
    private readonly List<(string Metric, int Limit)> _full = [];
    private readonly List<WeakReference<IOverflowWatcher>> _watchers = [];

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

    /// <summary>Reports a full family. Call it once for each family, outside its lock.</summary>
    public void Add(string metric, int limit)
    {
        List<IOverflowWatcher> watchers;
        lock (_lock)
        {
            _full.Add((metric, limit));
            watchers = Alive();
        }
        foreach (var watcher in watchers)
            Tell(watcher, metric, limit);
    }

    /// <summary>Reports all families that are full, now or later, to a watcher. A second call has no effect.</summary>
    public void Watch(IOverflowWatcher watcher)
    {
        (string Metric, int Limit)[] full;
        lock (_lock)
        {
            if (Alive().Contains(watcher))
                return;
            _watchers.Add(new WeakReference<IOverflowWatcher>(watcher));
            full = [.. _full];
        }
        foreach (var (metric, limit) in full)
            Tell(watcher, metric, limit);
    }

    private List<IOverflowWatcher> Alive()
    {
        var alive = new List<IOverflowWatcher>();
        _watchers.RemoveAll(reference =>
        {
            if (!reference.TryGetTarget(out var watcher))
                return true;
            alive.Add(watcher);
            return false;
        });
        return alive;
    }

    private static void Tell(IOverflowWatcher watcher, string metric, int limit)
    {
        try
        {
            watcher.OnOverflow(metric, limit);
        }
#pragma warning disable CA1031, RCS1075 // A log that fails must not fail the lookup of a series.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }
}

/// <summary>A watcher for full families of a registry, such as the log of an app.</summary>
internal interface IOverflowWatcher
{
    /// <summary>Handles the first lookup over the limit of a family. Called outside all locks; exceptions are
    /// ignored.</summary>
    /// <param name="metric">The full name of the family.</param>
    /// <param name="limit">The limit of the family.</param>
    void OnOverflow(string metric, int limit);
}
