using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>The runs of one asynchronous function that have not ended, including abandoned ones. While many of them are
/// late, the function is left out: the next request of a connection would wait for it in vain.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class UnfinishedRuns
{
    /// <summary>The maximum number of unfinished runs: the objects that they hold stay in memory. Threads that start
    /// runs at the same moment may add a few.</summary>
    public const int Max = 1_000;

    /// <summary>The number of late runs from which the function is left out.</summary>
    public const int MaxLate = 16;

    /// <summary>The age at which a run is late.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private static readonly ConditionalWeakTable<Delegate, UnfinishedRuns> _all = [];

    private readonly Lock _lock = new();

    // The oldest first. Each has the clock of its instrumentation.
    private readonly LinkedList<(TimeProvider Clock, long Started)> _runs = [];

    /// <summary>Returns the runs of a function, which all instrumentations with it share.</summary>
    public static UnfinishedRuns Of(Delegate function) => _all.GetValue(function, static _ => new UnfinishedRuns());

    /// <summary>Gets whether there are so many unfinished or late runs that the function is left out.</summary>
    public bool AreMany
    {
        get
        {
            lock (_lock)
                return _runs.Count >= Max || (_runs.Count >= MaxLate && IsLate(_runs.ElementAt(MaxLate - 1)));
        }
    }

    /// <summary>Adds a run that has started.</summary>
    /// <returns>The run, to be removed when it ends.</returns>
    public LinkedListNode<(TimeProvider Clock, long Started)> Add(TimeProvider clock)
    {
        lock (_lock)
            return _runs.AddLast((clock, clock.GetTimestamp()));
    }

    /// <summary>Removes a run that has ended.</summary>
    public void Remove(LinkedListNode<(TimeProvider Clock, long Started)> run)
    {
        lock (_lock)
            _runs.Remove(run);
    }

    private static bool IsLate((TimeProvider Clock, long Started) run) =>
        run.Clock.GetElapsedTime(run.Started) >= Late;
}
