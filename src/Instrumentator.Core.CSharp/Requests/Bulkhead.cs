using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>How many runs of one function of the user's may go on at the same time: one that hangs holds so many requests, and never all threads.</summary>
/// <remarks>Safe for use by many threads. Allocates nothing.</remarks>
internal sealed class Bulkhead(int most)
{
    /// <summary>How many may run on threads of requests. A function that takes a millisecond gets no more than one of each processor at a time; so many run at once only where they wait for something.</summary>
    public static readonly int MostOnThreads = Math.Max(16, 4 * Environment.ProcessorCount);

    /// <summary>How many runs of an asynchronous one may be unfinished, those left to themselves included: what they hold stays in memory.</summary>
    public const int MostUnfinished = 1_000;

    // By function and not by where it stands: a condition before ten metrics is one function, and so is what new rules have from the old ones.
    private static readonly ConditionalWeakTable<Delegate, Bulkhead> _all = [];
    private static readonly ConditionalWeakTable<Delegate, Bulkhead> _unfinished = [];

    private int _running;

    /// <summary>The one of a function that runs on threads of requests.</summary>
    public static Bulkhead Of(Delegate function) => _all.GetValue(function, static _ => new Bulkhead(MostOnThreads));

    /// <summary>The one of the unfinished runs of an asynchronous function.</summary>
    public static Bulkhead OfUnfinished(Delegate function) => _unfinished.GetValue(function, static _ => new Bulkhead(MostUnfinished));

    /// <summary>Whether there is a place. Whoever got one must leave it.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _running) <= most)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _running);
}
