using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>Guards the app against one user function that runs on request threads: while a run of it hangs, further
/// requests leave the function out, so that it holds only the threads that entered before.</summary>
/// <remarks>
/// <para>Safe for use by many threads. Allocates nothing.</para>
/// <para>Each run writes its start time to a place of its own, usually that of its thread, so busy threads share
/// nothing that they write. A run counts as late if two looks at the places, <see cref="PauseMs"/> apart, both found
/// it, and the first one <see cref="LateMs"/> after its start. One look would not do: after a pause of the whole
/// process, runs are old that end at once. Nor is age alone enough while the process is busy, because its threads may
/// wait for a processor: then the limit is <see cref="BusyLateMs"/>. Where all threads hang, the process is idle.
/// Every refusal looks at the places again, so a function is let in when the late runs have ended.</para>
/// <para>After that, the function is on trial: it has one run at a time until a run ends in time. So a function that
/// always takes a second holds one thread, and not all of them again each second.</para>
/// </remarks>
/// <param name="hanging">The functions that hang. While there are too many, all are left out.</param>
/// <param name="pause">Waits between the two looks, and returns whether the process was idle meanwhile.</param>
internal sealed class Bulkhead(HangingFunctions hanging, Func<bool> pause)
{
    /// <summary>The maximum number of runs of one function at a time. More threads than that are in a function that
    /// does not wait only if the system has suspended them there.</summary>
    public static readonly int MaxRuns = Math.Max(64, 4 * Environment.ProcessorCount);

    /// <summary>The age of a run, in milliseconds, from which its function is suspected to hang.</summary>
    public const int LateMs = 150;

    /// <summary>The age of a late run, in milliseconds, while the process is busy.</summary>
    public const int BusyLateMs = 2_000;

    /// <summary>The time, in milliseconds, after which a suspected run must still be there.</summary>
    public const int PauseMs = 100;

    /// <summary>The interval, in milliseconds, in which entering runs look for late ones.</summary>
    public const int LookMs = 50;

    // The processor time, in milliseconds, up to which the process was idle during the pause: a fifth of a processor.
    private const int IdleMs = PauseMs / 5;

    // A cache line for each place, and one before the first.
    private const int Padding = 64 / sizeof(long);

    // Keyed by function, not by position: ten metrics with one condition share a bulkhead, and so do old and new rules
    // with the same function.
    private static readonly ConditionalWeakTable<Delegate, Bulkhead> _all = [];

    // The start times of runs, in milliseconds; 0 for a free place.
    private readonly long[] _starts = new long[(MaxRuns + 1) * Padding];
    private long _looked;

    // The latest start of runs that were found late; 0 while the function is fine.
    private long _late;
    private bool _isLooking;

    /// <summary>Whether a run that was found late has not ended.</summary>
    public bool Hangs => CountLate() > 0;

    /// <summary>Returns the bulkhead of a function.</summary>
    public static Bulkhead Of(Delegate function) =>
        _all.GetValue(function, static _ => new Bulkhead(HangingFunctions.OfProcess, Pause));

    /// <summary>Starts a run, unless the function is left out. If it returns true, call <see cref="Leave(int)"/>
    /// afterwards.</summary>
    /// <param name="place">The place of the run.</param>
    public bool TryEnter(out int place) => TryEnter(Milliseconds, out place);

    /// <inheritdoc cref="TryEnter(out int)"/>
    /// <param name="now">The time in milliseconds, above 0.</param>
    /// <param name="place">The place of the run.</param>
    public bool TryEnter(long now, out int place)
    {
        var isDue = now - Volatile.Read(ref _looked) >= LookMs || Volatile.Read(ref _late) != 0 || hanging.AreMany;
        if (!isDue || !IsLeftOut(now))
            return TryTakePlace(now, out place);
        place = 0;
        return false;
    }

    /// <summary>Ends a run.</summary>
    public void Leave(int place)
    {
        if (Volatile.Read(ref _late) != 0)
            EndTrial(place, Milliseconds);
        Volatile.Write(ref _starts[place], 0);
    }

    /// <inheritdoc cref="Leave(int)"/>
    /// <param name="place">The place of the run.</param>
    /// <param name="now">The time in milliseconds.</param>
    public void Leave(int place, long now)
    {
        EndTrial(place, now);
        Volatile.Write(ref _starts[place], 0);
    }

    /// <summary>Returns the number of runs that were found late and have not ended.</summary>
    public int CountLate() => Count(Volatile.Read(ref _late));

    // Coarse, but read with each run: the cheapest clock there is.
#pragma warning disable RS0030
    private static long Milliseconds => Environment.TickCount64;

    // Holds one request: otherwise its thread might hang as well.
    private static bool Pause()
    {
        var (used, started) = (Environment.CpuUsage.TotalTime, Milliseconds);
        Thread.Sleep(PauseMs);

        // After a longer sleep, the process itself was paused.
        return Milliseconds - started < 2 * PauseMs
            && (Environment.CpuUsage.TotalTime - used).TotalMilliseconds < IdleMs;
    }
#pragma warning restore RS0030

    private bool TryTakePlace(long now, out int place)
    {
        var home = Environment.CurrentManagedThreadId;
        for (var i = 0; i < MaxRuns; i++)
        {
            place = Padding * (1 + ((home + i) % MaxRuns));
            if (Interlocked.CompareExchange(ref _starts[place], now, 0) == 0)
                return true;
        }
        place = 0;
        return false;
    }

    private bool IsLeftOut(long now)
    {
        Volatile.Write(ref _looked, now);
        return IsLate(now) || (_late != 0 && Count(now) > 0) || (hanging.AreMany && hanging.AreStillMany());
    }

    // One thread looks twice. Meanwhile, others go in, as there is no evidence yet.
    private bool IsLate(long now)
    {
        if (Hangs)
            return true;
        if (Count(now - LateMs) == 0 || Interlocked.Exchange(ref _isLooking, true))
            return false;
        var start = now - (pause() ? LateMs : BusyLateMs);
        var isLate = Count(start) > 0;
        if (isLate)
        {
            Volatile.Write(ref _late, start);
            hanging.Add(this);
        }
        Volatile.Write(ref _isLooking, false);
        return isLate;
    }

    private void EndTrial(int place, long now)
    {
        if (now - _starts[place] < LateMs && !Hangs)
            Volatile.Write(ref _late, 0);
    }

    // The number of runs that started then or before.
    private int Count(long start)
    {
        var count = 0;
        for (var place = Padding; place < _starts.Length; place += Padding)
            count += Volatile.Read(ref _starts[place]) is > 0 and var own && own <= start ? 1 : 0;
        return count;
    }
}
