using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>Numbers that one thread alone adds to, and others read.</summary>
/// <remarks>By where they are, so that nothing else of their array is read: its length would be one more place in memory to wait for.</remarks>
internal readonly unsafe record struct Words
{
    private readonly long[] _page;
    private readonly nint _address;

    /// <summary>Those of a page.</summary>
    /// <param name="page">Where they are: memory that the collector never moves.</param>
    /// <param name="first">Where they begin.</param>
    public Words(long[] page, int first) => (_page, _address) = (page, Marshal.UnsafeAddrOfPinnedArrayElement(page, first));

    /// <summary>Whether there are none: the default value.</summary>
    public bool IsNone => _address == 0;

    /// <summary>Where the first of them is in memory, and stays; 0 where there are none.</summary>
    public nint Address => _address;

    public void Add(int word, long amount) => Add(ref At(word), amount);

    public void Add(int word, double amount) => Add(ref At(word), amount);

    /// <summary>So many of them, from the first one.</summary>
    public Span<long> First(int count)
    {
        var words = new Span<long>((void*)_address, count);

        // A span keeps what it leads to, but a number does not, and between the two nobody else might.
        GC.KeepAlive(_page);
        return words;
    }

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
    public bool AddAtomically(int word, long amount) => AtomicLong.Add(ref At(word), amount);

    /// <summary>Brings so many of them from memory.</summary>
    public void Bring(int count) => Prefetch.Memory(_address, count * sizeof(long));

    public long Whole(int word) => Volatile.Read(ref At(word));

    public double Fraction(int word) => Fraction(ref At(word));

    /// <summary>The fraction whose bits a word holds.</summary>
    public static double Fraction(ref long number) => Volatile.Read(ref Unsafe.As<long, double>(ref number));

    private ref long At(int word) => ref First(word + 1)[word];
}
