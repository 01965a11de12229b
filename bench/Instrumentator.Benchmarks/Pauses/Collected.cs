using System.Diagnostics;

namespace Instrumentator.Benchmarks;

/// <summary>The work of the garbage collector.</summary>
/// <param name="Time">A moment, or a duration.</param>
/// <param name="Paused">The time for which all threads were stopped.</param>
/// <param name="Allocated">Allocated bytes.</param>
/// <param name="Heap">Bytes in use.</param>
/// <param name="Counts">Collections of generations 0, 1 and 2.</param>
internal sealed record Collected(TimeSpan Time, TimeSpan Paused, long Allocated, long Heap, int[] Counts)
{
    public static Collected Now() =>
        new(
            Stopwatch.GetElapsedTime(0),
            GC.GetTotalPauseDuration(),
            GC.GetTotalAllocatedBytes(precise: true),
            GC.GetTotalMemory(forceFullCollection: false),
            [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(CountOf)]);

    /// <summary>Returns the difference of two moments.</summary>
    public static Collected operator -(Collected after, Collected before) =>
        new(
            after.Time - before.Time,
            after.Paused - before.Paused,
            after.Allocated - before.Allocated,
            after.Heap - before.Heap,
            [.. after.Counts.Zip(before.Counts, (one, other) => one - other)]);

    // The runtime counts a collection of a generation for all younger ones, too.
    private static int CountOf(int generation) =>
        GC.CollectionCount(generation) - (generation < GC.MaxGeneration ? GC.CollectionCount(generation + 1) : 0);
}
