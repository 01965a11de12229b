using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>Where a <see cref="ReferenceTable{TKey, TValue, THash}"/> looks for an object.</summary>
internal interface IReferenceHash
{
    /// <summary>A number of an object for a thread, whose upper bits are as good as random.</summary>
    static abstract ulong Of(object key, int thread);
}

/// <summary>By the number that .NET gives an object, which stays the same.</summary>
internal readonly struct ByIdentity : IReferenceHash
{
    // .NET's numbers are random, and have 26 bits.
    public static ulong Of(object key, int thread) => ((ulong)RuntimeHelpers.GetHashCode(key) << 38) + ((ulong)thread << 53);
}

/// <summary>By where an object is in memory: nothing of the object is read, nor waited for.</summary>
/// <remarks>The garbage collector may move it, and then it is not found, but never another one in its place: so this is for what can be worked out again.</remarks>
internal readonly struct ByAddress : IReferenceHash
{
    // 2 to the 64th by the golden ratio: all bits of the address tell in the upper ones of the product (Knuth, The Art of Computer Programming, 6.4).
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    // Above the addresses that processes have, so that no two sums are alike; and a little below, so that all bits of them tell.
    private const ulong ThreadDistance = 0x0001_0000_0000_0001;

    public static ulong Of(object? key, int thread) => (AddressOf(key) + (ulong)thread * ThreadDistance) * Multiplier;

    // Asked for null by itself: where .NET has to make sure that there is a field to refer to, it reads the object.
    private static ulong AddressOf(object? key) => key is null ? 0 : (ulong)Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref Unsafe.As<StrongBox<byte>>(key).Value);
}
