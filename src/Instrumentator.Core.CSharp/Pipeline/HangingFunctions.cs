namespace Instrumentator;

/// <summary>The user functions that hang, of one process. Each holds threads that the pool replaces only slowly, so
/// there is a limit for all together.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class HangingFunctions
{
    /// <summary>The number of functions that hang from which all other functions are left out as well. Each one that
    /// hangs costs the thread pool about half a second.</summary>
    public const int Max = 3;

    private readonly Lock _lock = new();
    private readonly List<Bulkhead> _functions = [];
    private volatile bool _areMany;

    /// <summary>Gets the functions of this process.</summary>
    public static HangingFunctions OfProcess { get; } = new();

    /// <summary>Whether there were too many when one was last added or counted.</summary>
    public bool AreMany => _areMany;

    /// <summary>Gets the number of threads that they hold.</summary>
    public int Threads
    {
        get
        {
            lock (_lock)
                return _functions.Sum(function => function.CountLate());
        }
    }

    /// <summary>Adds a function.</summary>
    public void Add(Bulkhead function)
    {
        lock (_lock)
        {
            _functions.Remove(function);
            _functions.Add(function);
            Count();
        }
    }

    /// <summary>Returns whether there are too many now.</summary>
    public bool AreStillMany()
    {
        lock (_lock)
            return Count();
    }

    private bool Count()
    {
        _functions.RemoveAll(function => !function.Hangs);
        return _areMany = _functions.Count >= Max;
    }
}
