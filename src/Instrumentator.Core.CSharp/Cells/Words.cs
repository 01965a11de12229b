using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>Numbers that one thread alone adds to, and others read.</summary>
/// <remarks>By where they are, so that nothing else of their array is read: its length would be one more place in memory to wait for.</remarks>
internal readonly record struct Words
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

    /// <summary>So many of them, from the first one; where there are none, none.</summary>
    public Span<long> First(int count)
    {
        if (IsNone)
            return [];
        var words = At(_address, count);

        // A span keeps what it leads to, but a number does not, and between the two nobody else might.
        GC.KeepAlive(_page);
        return words;
    }

    /// <summary>The first one, where there is one.</summary>
    public ref long Single => ref First(1)[0];

    /// <summary>So many of them at an <see cref="Address"/>. Who asks has what keeps them.</summary>
    public static unsafe Span<long> At(nint address, int count) => new((void*)address, count);

    // Volatile, so that a scrape sees it soon; not atomic, since nobody else writes.
    public static void Add(ref long number, long amount) => Volatile.Write(ref number, number + amount);

    /// <summary>The same of a fraction, whose bits the word holds.</summary>
    public static void Add(ref long number, double amount)
    {
        ref var fraction = ref Unsafe.As<long, double>(ref number);
        Volatile.Write(ref fraction, fraction + amount);
    }

    /// <summary>The fraction whose bits a word holds.</summary>
    public static double Fraction(ref long number) => Volatile.Read(ref Unsafe.As<long, double>(ref number));

    /// <summary>Brings so many of them from memory.</summary>
    public void Bring(int count) => Prefetch.Memory(_address, count * sizeof(long));
}
