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
    public static void Object<T>(ref T field, int bytes = CacheLine)
        where T : class? => Memory(Unsafe.As<T, nint>(ref field), bytes);

    /// <summary>Brings what a reference leads to, which itself is not read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Place<T>(ref T place) => Memory((nint)Unsafe.AsPointer(ref place), Unsafe.SizeOf<T>());

    /// <summary>Brings what is here.</summary>
    /// <param name="address">Where it begins.</param>
    /// <param name="bytes">How long it is.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Memory(nint address, int bytes)
    {
        if (!Sse.IsSupported)
            return;
        for (var at = 0; at < bytes; at += CacheLine)
            Sse.Prefetch0((byte*)address + at);

        // Seldom does it begin where a cache line does.
        Sse.Prefetch0((byte*)address + bytes - 1);
    }
}
