using Instrumentator.Properties;

namespace Instrumentator.Benchmarks;

/// <summary>The lines that requests of many threads read and write: seen in the memory of what really runs, so nothing here knows how it is laid out.</summary>
internal static class ObservedLines
{
    // Enough for all that a thread gets only when it is busy.
    private const int Before = 300;

    // More than the addresses of them take.
    private const long WithoutCollection = 32 << 20;

    /// <summary>What each thread does for one request.</summary>
    /// <param name="root">What records. All that can be reached from it counts as read, unless somebody writes it: more than is so.</param>
    /// <param name="requests">Its requests.</param>
    /// <param name="lineSize">Bytes of a cache line.</param>
    public static Access[][] Of<T>(T root, Func<T, Side> requests, int lineSize)
        where T : class
    {
        var words = WrittenByThreads(root, requests(root).ForThreads(Design.MostCores));
        var written = words.SelectMany(thread => thread.Select(word => word.Owner)).ToHashSet(ReferenceEqualityComparer.Instance);
        object[] onlyRead = [.. HeapGraph.From(root).Where(one => !written.Contains(one))];

        // From here on all stays where it is.
        if (!GC.TryStartNoGCRegion(WithoutCollection))
            throw new InvalidOperationException("There is no memory for the model.");
        long[] shared = [.. onlyRead.SelectMany(one => LinesOf(one, lineSize)).Distinct()];
        Access[][] accesses = [.. words.Select(thread => AccessesOf(thread, shared, lineSize))];
        GC.EndNoGCRegion();
        return accesses;
    }

    // All threads live at once, as busy ones do, and each has its turn alone. In between all that is there gets as old as can be, and each thread has one request more: endpoints
    // are found by where they are, and the collector must not move them while somebody looks.
    private static IReadOnlyList<WrittenWord>[] WrittenByThreads(object root, Work[] work)
    {
        var written = new IReadOnlyList<WrittenWord>[work.Length];
        using var busy = new Barrier(work.Length, static _ => Age());
        Thread[] threads = [.. work.Select((requests, i) => new Thread(() =>
        {
            lock (work)
                requests(Before);
            busy.SignalAndWait();
            lock (work)
            {
                requests(1);
                written[i] = WrittenWord.By(() => requests(1), HeapGraph.From(root));
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return written.All(words => words.Count > 0) ? written : throw new InvalidOperationException("A request wrote nothing that can be reached.");
    }

    private static void Age()
    {
        for (var generation = 0; generation < GC.MaxGeneration; generation++)
            GC.Collect();
    }

    private static Access[] AccessesOf(IReadOnlyList<WrittenWord> words, long[] shared, int lineSize) =>
    [
        .. shared.Select(line => new Access(line, Writes: false)),
        .. words.SelectMany(word => (Access[])[new(TypeOf(word.Owner) / lineSize, Writes: false), new(word.Address / lineSize, Writes: true)]),
    ];

    private static IEnumerable<long> LinesOf(object one, int lineSize)
    {
        for (var line = TypeOf(one) / lineSize; line * lineSize < RawObject.Address(one) + RawObject.Bytes(one).Length; line++)
            yield return line;
    }

    // A call looks at the object's type, which stands before all else.
    private static long TypeOf(object one) => RawObject.Address(one) - sizeof(long);
}
