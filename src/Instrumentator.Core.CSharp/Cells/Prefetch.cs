using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Instrumentator;

/// <summary>Asks the processor to bring an object from memory, so that it is there by the time it is read. It changes nothing but the time that this takes.</summary>
/// <remarks>Nothing is read, so it harms nothing that the collector may move the object meanwhile. Where .NET has no such instruction, as on ARM, nothing is done.</remarks>
internal static class Prefetch
{
    private const int CacheLine = 64;

    /// <summary>Brings the object that a field refers to.</summary>
    /// <param name="field">The field, which itself is read.</param>
    /// <param name="bytes">How long the object is, with what lies behind it and is used with it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Object<T>(ref T field, int bytes = CacheLine)
        where T : class?
    {
        if (!Sse.IsSupported)
            return;
        var address = (byte*)Unsafe.As<T, nint>(ref field);
        for (var at = 0; at < bytes; at += CacheLine)
            Sse.Prefetch0(address + at);
    }

    /// <summary>Brings what is here.</summary>
    public static unsafe void Memory(ref long word)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref word));
    }
}
