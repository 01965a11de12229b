using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>64-bit numbers that many threads add to and any thread may read: the storage of every kind of
/// cell but gauges.</summary>
/// <remarks>
/// <para>A quiet series has only shared numbers, and threads add to them with interlocked instructions. After about
/// <see cref="BusyHits"/> such additions within a second, the thread of the last one gets a stripe: numbers that only
/// this thread writes. There a plain addition is enough, and no cache line moves between cores.</para>
/// <para>A total is the shared number plus that of every stripe. Numbers that only grow therefore have totals that
/// never fall: a stripe outlives its thread, and the next thread with the same <see cref="ThreadSlot"/> continues it.
/// The slot is looked up for each addition, so it does not matter which thread calls, or whether a request continues on
/// another one.</para>
/// <para>A mutable struct, so that a cell has one object fewer: it must be a non-readonly field, and must never be
/// copied.</para>
/// </remarks>
internal struct StripedNumbers
{
    private const int BusyHits = 1_000;
    private const int BusyMilliseconds = 1_000;

    // A cache line on each side separates a stripe from data that other threads read and write.
    private const int Padding = 64 / sizeof(long);

    // Stripes are added rarely, so one lock serves all series.
    private static readonly Lock _lock = new();

    private readonly long[] _shared;

    // By thread slot. Replaced under the lock and never changed in place, so readers need no lock.
    private long[]?[] _stripes;

    // The number of additions to the shared numbers since the window began. Benign race: a lost count only delays a
    // stripe.
    private int _hits;
    private int _windowStart;

    /// <summary>Creates numbers that are 0.</summary>
    /// <param name="count">How many to create.</param>
    public StripedNumbers(int count) => (_shared, _stripes) = (new long[count], []);

    /// <summary>Returns a writer for the numbers of this thread, for immediate additions.</summary>
    public NumberWriter Open()
    {
        var (slot, stripes) = (ThreadSlot.Current, _stripes);
        if ((uint)slot < (uint)stripes.Length && stripes[slot] is { } own)
            return new NumberWriter(own, Padding, isShared: false);
        CountHit();
        return new NumberWriter(_shared, 0, isShared: true);
    }

    /// <summary>Returns the total of a number.</summary>
    public long Sum(int index)
    {
        var sum = Volatile.Read(ref _shared[index]);
        foreach (var stripe in Volatile.Read(ref _stripes))
            sum += stripe is null ? 0 : Volatile.Read(ref stripe[Padding + index]);
        return sum;
    }

    /// <summary>Returns the total of a number that holds the bits of a double.</summary>
    public double SumOfDoubles(int index)
    {
        var sum = BitConverter.Int64BitsToDouble(Volatile.Read(ref _shared[index]));
        foreach (var stripe in Volatile.Read(ref _stripes))
            sum += stripe is null ? 0 : BitConverter.Int64BitsToDouble(Volatile.Read(ref stripe[Padding + index]));
        return sum;
    }

    /// <summary>Reads the totals of adjacent numbers.</summary>
    /// <param name="first">The index of the first one.</param>
    /// <param name="totals">Receives one total for each number.</param>
    public void Read(int first, Span<long> totals)
    {
        totals.Clear();
        Add(_shared.AsSpan(first), totals);
        foreach (var stripe in Volatile.Read(ref _stripes))
        {
            if (stripe is not null)
                Add(stripe.AsSpan(Padding + first), totals);
        }
    }

    // Coarse, but read only once in a thousand additions, and it takes just 4 bytes of each series.
#pragma warning disable RS0030
    private static int Milliseconds => Environment.TickCount;
#pragma warning restore RS0030

    private static void Add(Span<long> numbers, Span<long> totals)
    {
        for (var i = 0; i < totals.Length; i++)
            totals[i] += Volatile.Read(ref numbers[i]);
    }

    private void CountHit()
    {
        var hits = ++_hits;
        if (hits == 1)
            _windowStart = Milliseconds;
        else if (hits >= BusyHits)
            CloseWindow();
    }

    private void CloseWindow()
    {
        _hits = 0;
        if (Milliseconds - _windowStart < BusyMilliseconds && ThreadSlot.Take() is var slot and not 0)
            AddStripe(slot);
    }

    private void AddStripe(int slot)
    {
        lock (_lock)
        {
            if (slot < _stripes.Length && _stripes[slot] is not null)
                return;
            var stripes = new long[]?[Math.Max(slot + 1, _stripes.Length)];
            _stripes.CopyTo(stripes, 0);
            stripes[slot] = new long[_shared.Length + (2 * Padding)];
            Volatile.Write(ref _stripes, stripes);
        }
    }
}

/// <summary>A writer for the numbers of one thread, or for the shared ones. Valid on the thread that opened it, until
/// its method returns.</summary>
internal readonly ref struct NumberWriter(long[] numbers, int first, bool isShared)
{
    private readonly long[] _numbers = numbers;
    private readonly int _first = first;
    private readonly bool _isShared = isShared;

    /// <summary>Adds to an integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // Keeps the writer in registers.
    public void Add(int index, long amount)
    {
        ref var number = ref _numbers[_first + index];
        if (_isShared)
            Interlocked.Add(ref number, amount);
        else
            Volatile.Write(ref number, number + amount); // No other thread writes it.
    }

    /// <summary>Adds to a number that holds the bits of a double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int index, double amount)
    {
        ref var number = ref _numbers[_first + index];
        if (_isShared)
            AtomicDouble.Add(ref number, amount);
        else
            Volatile.Write(ref number, AtomicDouble.Sum(number, amount));
    }
}
