namespace Instrumentator;

/// <summary>A small number, from 1, that identifies a busy thread while it lives: the index of its stripe in every
/// series.</summary>
/// <remarks>
/// A thread takes a slot when it first becomes busy, so threads that record rarely take none. When a thread ends, its
/// slot becomes free. There are <see cref="Max"/> slots; when none is left, threads use the shared numbers.
/// This bounds the memory of a series.
/// </remarks>
internal static class ThreadSlot
{
    /// <summary>The number of slots, which limits the threads with stripes.</summary>
    public static readonly int Max = Math.Max(16, 4 * Environment.ProcessorCount);

    private static readonly Lock _lock = new();
    private static readonly Stack<int> _free = new(Enumerable.Range(1, Max).Reverse());

    [ThreadStatic]
    private static Lease? _lease;

    /// <summary>The slot of this thread; 0 when it has none.</summary>
    public static int Current => OfThread.Number;

    /// <summary>Returns the slot of this thread, and takes one if it has none.</summary>
    /// <returns>The slot; 0 when all are taken.</returns>
    public static int Take()
    {
        if (Current != 0)
            return Current;
        lock (_lock)
        {
            if (!_free.TryPop(out var slot))
                return 0;
            _lease = new Lease(slot);
            return OfThread.Number = slot;
        }
    }

    // In a class without initializers or references: the runtime keeps its field at a fixed offset per thread.
    private static class OfThread
    {
        [ThreadStatic]
        public static int Number;
    }

    /// <summary>The lease of a slot, which frees it after its thread has ended: by then, all writes of the thread are
    /// visible to the next owner.</summary>
    private sealed class Lease(int slot)
    {
#pragma warning disable MA0055 // Nothing else shows that a thread has ended.
        ~Lease()
#pragma warning restore MA0055
        {
            lock (_lock)
                _free.Push(slot);
        }
    }
}
