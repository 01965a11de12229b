using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>Numbers that one thread alone adds to, and others read.</summary>
internal readonly record struct Words
{
    private readonly long[] _page;
    private readonly int _first;

    /// <summary>Those of a page.</summary>
    /// <param name="page">Where they are.</param>
    /// <param name="first">Where they begin.</param>
    public Words(long[] page, int first) => (_page, _first) = (page, first);

    /// <summary>Whether there are none: the default value.</summary>
    public bool IsNone => _page is null;

    public void Add(int word, long amount) => Add(ref _page[_first + word], amount);

    public void Add(int word, double amount) => Add(ref _page[_first + word], amount);

    /// <summary>So many of them, from the first one: to add to more than one, with one look at where the page ends.</summary>
    public Span<long> First(int count) => _page.AsSpan(_first, count);

    // Volatile, so that a scrape sees it soon; not atomic, since nobody else writes.
    public static void Add(ref long number, long amount) => Volatile.Write(ref number, number + amount);

    /// <summary>The same of a fraction, whose bits the word holds.</summary>
    public static void Add(ref long number, double amount)
    {
        ref var fraction = ref Unsafe.As<long, double>(ref number);
        Volatile.Write(ref fraction, fraction + amount);
    }

    /// <summary>The same where many threads add, after all.</summary>
    /// <returns>Whether another thread wrote meanwhile.</returns>
    public bool AddAtomically(int word, long amount) => AtomicLong.Add(ref _page[_first + word], amount);

    /// <summary>Where the first of them is in memory, and stays; 0 where there are none.</summary>
    public nint Address => IsNone ? 0 : Marshal.UnsafeAddrOfPinnedArrayElement(_page, _first);

    /// <summary>Brings so many of them from memory.</summary>
    public void Bring(int count) => Prefetch.Words(_page, _first, count);

    public long Whole(int word) => Volatile.Read(ref _page[_first + word]);

    public double Fraction(int word) => Fraction(ref _page[_first + word]);

    /// <summary>The fraction whose bits a word holds.</summary>
    public static double Fraction(ref long number) => Volatile.Read(ref Unsafe.As<long, double>(ref number));
}
