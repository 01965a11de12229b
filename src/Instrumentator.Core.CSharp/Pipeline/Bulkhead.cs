using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>Limits how many runs of one user function go on at the same time: one that hangs holds a few requests, and
/// never all threads.</summary>
/// <remarks>
/// <para>Safe for use by many threads. Allocates nothing.</para>
/// <para>Runs that started and runs that ended are striped numbers, so requests that come often share nothing they
/// write. A thread that shares its numbers with others checks the limit each time; one with a stripe of its own checks
/// it every <see cref="CheckEvery"/> runs, and each time while the limit is reached. So the limit may close a little
/// late: at most that many runs of each such thread.</para>
/// </remarks>
internal sealed class Bulkhead(int most)
{
    /// <summary>The limit for functions that run on threads of requests. One that takes a millisecond never has more
    /// runs than there are processors; only those that wait have so many.</summary>
    public static readonly int MostOnThreads = Math.Max(16, 4 * Environment.ProcessorCount);

    /// <summary>The limit for unfinished runs of an asynchronous function, those that nobody waits for any more
    /// included: what they hold stays in memory.</summary>
    public const int MostUnfinished = 1_000;

    private const int CheckEvery = 64;
    private const int Started = 0;
    private const int Ended = 1;

    // By function and not by where it stands: a condition before ten metrics is one function, and so is what new rules
    // have from the old ones.
    private static readonly ConditionalWeakTable<Delegate, Bulkhead> _all = [];
    private static readonly ConditionalWeakTable<Delegate, Bulkhead> _unfinished = [];

    private StripedNumbers _runs = new(2);
    private bool _isFull;

    /// <summary>Returns the one of a function that runs on threads of requests.</summary>
    public static Bulkhead Of(Delegate function) => _all.GetValue(function, static _ => new Bulkhead(MostOnThreads));

    /// <summary>Returns the one of the unfinished runs of an asynchronous function.</summary>
    public static Bulkhead OfUnfinished(Delegate function) =>
        _unfinished.GetValue(function, static _ => new Bulkhead(MostUnfinished));

    /// <summary>Starts a run, unless the limit is reached. Whoever started one must call <see cref="Leave"/>.</summary>
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

    // Starts are read first: a run that goes on is never missing among those that ended, so the limit never closes
    // without reason.
    private bool IsFull()
    {
        var started = _runs.Sum(Started);
        var isFull = started - _runs.Sum(Ended) >= most;
        if (isFull != _isFull)
            Volatile.Write(ref _isFull, isFull);
        return isFull;
    }
}
