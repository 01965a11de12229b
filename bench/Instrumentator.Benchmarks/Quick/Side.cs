namespace Instrumentator.Benchmarks;

/// <summary>Does something so many times, on one thread.</summary>
internal delegate void Work(int operations);

/// <summary>One of the two sides of a comparison: what each thread does. What is shared by the threads was made before.</summary>
/// <param name="ForThread">The work of one thread more.</param>
internal sealed record Side(Func<Work> ForThread)
{
    /// <summary>How many operations it takes a thread to come by all that it works on.</summary>
    public int Lap { get; init; } = 1;

    public static Side Nothing { get; } = Shared(_ => { });

    public static Side Shared(Work work) => new(() => work);

    public Work[] ForThreads(int threads) => [.. Enumerable.Range(0, threads).Select(_ => ForThread())];
}
