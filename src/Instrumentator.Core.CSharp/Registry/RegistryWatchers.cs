namespace Instrumentator;

/// <summary>The watchers of a registry, which are not kept alive: a registry may live as long as the process, but an
/// app does not.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class RegistryWatchers
{
    private readonly List<WeakReference<IRegistryWatcher>> _watchers = [];

    /// <summary>Adds a watcher. Returns false if it was added before.</summary>
    public bool TryAdd(IRegistryWatcher watcher)
    {
        lock (_watchers)
        {
            if (Alive().Contains(watcher))
                return false;
            _watchers.Add(new WeakReference<IRegistryWatcher>(watcher));
            return true;
        }
    }

    /// <summary>Returns all watchers that are not collected.</summary>
    public List<IRegistryWatcher> Alive()
    {
        var alive = new List<IRegistryWatcher>();
        lock (_watchers)
        {
            _watchers.RemoveAll(reference =>
            {
                if (!reference.TryGetTarget(out var watcher))
                    return true;
                alive.Add(watcher);
                return false;
            });
        }
        return alive;
    }

    /// <summary>Tells watchers of an event. Call it outside all locks. Never throws.</summary>
    public static void Tell(List<IRegistryWatcher> watchers, Action<IRegistryWatcher> tell)
    {
        foreach (var watcher in watchers)
        {
            try
            {
                tell(watcher);
            }
#pragma warning disable CA1031, RCS1075 // A log that fails must not fail the caller's work.
            catch (Exception)
#pragma warning restore CA1031, RCS1075
            {
            }
        }
    }
}

/// <summary>A watcher of a registry, such as the log of an app. Called outside all locks; exceptions are
/// ignored.</summary>
internal interface IRegistryWatcher
{
    /// <summary>Handles the first lookup over the limit of a family.</summary>
    /// <param name="metric">The full name of the family.</param>
    /// <param name="limit">The limit of the family.</param>
    void OnOverflow(string metric, int limit);

    /// <summary>Handles an error of a callback, at most one a minute for each callback.</summary>
    void OnCallbackError(CallbackError error);
}
