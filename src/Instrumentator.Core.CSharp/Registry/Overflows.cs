namespace Instrumentator;

/// <summary>Which families of a registry are full. Tells it by a counter in the registry itself, and to whoever watches: of each family once.</summary>
/// <remarks>Safe for use by many threads. Who watches is not kept alive: a registry may live as long as the process, and an app does not.</remarks>
internal sealed class Overflows(Registry registry)
{
    public const string CounterName = "instrumentator_series_dropped_total";

    private readonly Lock _lock = new();
    private readonly List<(string Metric, int Limit)> _full = [];
    private readonly List<WeakReference<IOverflowWatcher>> _watchers = [];

    private readonly LazyCounter _dropped = new(
        registry, CounterName, "Look-ups of label values that got no series of their own, as their metric was full; they went to its series with the values _overflow.", "metric");

    /// <summary>What counts the look-ups of a family that find no place.</summary>
    public Counter CounterOf(string metric) => _dropped.Of(metric);

    /// <summary>A family is full. To be called once for each, and outside of its lock.</summary>
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

    /// <summary>Tells it all families that are full, now and from now on. Called a second time, it changes nothing.</summary>
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
#pragma warning disable CA1031, RCS1075 // A log that fails is no concern of who looks a series up.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }
}

/// <summary>Who wants to know which families of a registry are full: the log of an app.</summary>
internal interface IOverflowWatcher
{
    /// <summary>Called when a look-up found no place for a series of its own, for the first time in this family:
    /// outside of all locks, and what it throws is ignored.</summary>
    /// <param name="metric">The full name of the family.</param>
    /// <param name="limit">How many series it may have.</param>
    void OnOverflow(string metric, int limit);
}
