namespace Instrumentator;

/// <summary>A small number, from 1, that identifies a busy thread while it lives: its index among the stripes of every
/// series.</summary>
/// <remarks>
/// A thread takes a slot when it first becomes busy, so threads that record now and then take none. The slot of a
/// thread that ended goes to the next one. There are <see cref="Most"/> slots; threads that find none left share
/// numbers with others. That bounds the memory of a series.
/// </remarks>
internal static class ThreadSlot
{
    /// <summary>The number of slots: at most so many threads have stripes.</summary>
    public static readonly int Most = Math.Max(16, 4 * Environment.ProcessorCount);

    private static readonly Lock _lock = new();
    private static readonly Stack<int> _free = new(Enumerable.Range(1, Most).Reverse());

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

    // In a class without initializers or references, which the runtime keeps at a fixed place of each thread.
    private static class OfThread
    {
        [ThreadStatic]
        public static int Number;
    }

    /// <summary>Returns a slot when its thread has ended: by then, all that the thread wrote is visible to the next
    /// owner.</summary>
    private sealed class Lease(int slot)
    {
#pragma warning disable MA0055 // Nothing else tells that a thread has ended.
        ~Lease()
#pragma warning restore MA0055
        {
            lock (_lock)
                _free.Push(slot);
        }
    }
}
