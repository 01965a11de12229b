using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>Limits the concurrent runs of one user function: one that hangs holds a few requests, never all
/// threads.</summary>
/// <remarks>
/// <para>Safe for use by many threads. Allocates nothing.</para>
/// <para>The counts of started and ended runs are striped, so busy threads share nothing that they write. A thread
/// that uses the shared numbers checks the limit on every run. A thread with its own stripe checks it every
/// <see cref="CheckEvery"/> runs, and on every run while the limit is reached. So the limit may apply a little late:
/// by at most that many runs of each such thread.</para>
/// </remarks>
internal sealed class Bulkhead(int limit)
{
    /// <summary>The limit for functions that run on request threads. One that takes a millisecond never has more runs
    /// than there are processors; only functions that wait reach the limit.</summary>
    public static readonly int MaxOnThreads = Math.Max(16, 4 * Environment.ProcessorCount);

    /// <summary>The limit for unfinished runs of an asynchronous function, including abandoned ones: the objects that
    /// they hold stay in memory.</summary>
    public const int MaxUnfinished = 1_000;

    private const int CheckEvery = 64;
    private const int Started = 0;
    private const int Ended = 1;

    // Keyed by function, not by position: ten metrics with one condition share a bulkhead, and so do old and new rules
    // with the same function.
    private static readonly ConditionalWeakTable<Delegate, Bulkhead> _all = [];
    private static readonly ConditionalWeakTable<Delegate, Bulkhead> _unfinished = [];

    private StripedNumbers _runs = new(2);
    private bool _isFull;

    /// <summary>Returns the bulkhead of a function that runs on request threads.</summary>
    public static Bulkhead Of(Delegate function) => _all.GetValue(function, static _ => new Bulkhead(MaxOnThreads));

    /// <summary>Returns the bulkhead of unfinished runs of an asynchronous function.</summary>
    public static Bulkhead OfUnfinished(Delegate function) =>
        _unfinished.GetValue(function, static _ => new Bulkhead(MaxUnfinished));

    /// <summary>Starts a run, unless the limit is reached. If it returns true, call <see cref="Leave"/>
    /// afterwards.</summary>
    public bool TryEnter()
    {
        var runs = _runs.Open();
        var isDue = runs.IsShared || Volatile.Read(ref _isFull) || runs.Read(Started) % CheckEvery == 0;
        if (isDue && IsFull())
            return false;
        runs.Add(Started, 1);
        return true;
    }

    /// <summary>Ends a run.</summary>
    public void Leave() => _runs.Open().Add(Ended, 1);

    // Starts are read before ends, so the difference never exceeds the number of unfinished runs, and the limit never
    // applies without reason.
    private bool IsFull()
    {
        var started = _runs.Sum(Started);
        var isFull = started - _runs.Sum(Ended) >= limit;
        if (isFull != _isFull)
            Volatile.Write(ref _isFull, isFull);
        return isFull;
    }
}
