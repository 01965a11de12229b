namespace Instrumentator.Benchmarks;

/// <summary>Runs a number of operations on the calling thread.</summary>
internal delegate void Work(int operations);

/// <summary>One side of a comparison: the measured operation, or the bare one.</summary>
/// <param name="ForThread">Returns the work of one more thread. What threads share exists before.</param>
internal sealed record Side(Func<Work> ForThread)
{
    /// <summary>The number of operations after which a thread has touched all its data.</summary>
    public int Lap { get; init; } = 1;

    public static Side Nothing { get; } = Shared(_ => { });

    public static Side Shared(Work work) => new(() => work);

    public Work[] ForThreads(int threads) => [.. Enumerable.Range(0, threads).Select(_ => ForThread())];
}
