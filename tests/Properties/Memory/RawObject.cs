using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Instrumentator.Properties;

/// <summary>Objects as the bytes that they are, behind the pointer to their type: fields, or length and elements.</summary>
internal static class RawObject
{
    /// <summary>What stands before these bytes and is the object's, too: the pointer to its type, and what a lock needs.</summary>
    public const int Header = 16;

    public static Span<byte> Bytes(object one) => MemoryMarshal.CreateSpan(ref First(one), Size(one));

    /// <summary>Where these bytes are, until the next garbage collection.</summary>
    public static long Address(object one) => Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref First(one));

    // The runtime's description of a type begins with the size of an element and that of an object without elements.
    private static int Size(object one)
    {
        var type = one.GetType().TypeHandle.Value;
        var elements = one is Array array ? array.Length * (ushort)Marshal.ReadInt16(type) : 0;
        return Marshal.ReadInt32(type, ofs: 4) - Header + elements;
    }

    private static ref byte First(object one) => ref Unsafe.As<Raw>(one).First;

    private sealed class Raw
    {
        public byte First;
    }
}
