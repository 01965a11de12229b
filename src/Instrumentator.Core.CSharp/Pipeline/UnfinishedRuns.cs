using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>The runs of one asynchronous function that have not ended, including abandoned ones: the objects that they
/// hold stay in memory.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class UnfinishedRuns
{
    /// <summary>The maximum number of unfinished runs.</summary>
    public const int Max = 1_000;

    private static readonly ConditionalWeakTable<Delegate, UnfinishedRuns> _all = [];

    private int _count;

    /// <summary>Returns the runs of a function, which all instrumentations with it share.</summary>
    public static UnfinishedRuns Of(Delegate function) => _all.GetValue(function, static _ => new UnfinishedRuns());

    /// <summary>Adds a run, unless there are too many. If it returns true, call <see cref="Remove"/>
    /// afterwards.</summary>
    public bool TryAdd()
    {
        if (Interlocked.Increment(ref _count) <= Max)
            return true;
        Remove();
        return false;
    }

    /// <summary>Removes a run that has ended.</summary>
    public void Remove() => Interlocked.Decrement(ref _count);
}
