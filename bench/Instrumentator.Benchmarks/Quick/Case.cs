namespace Instrumentator.Benchmarks;

/// <summary>A row: what is measured, and what it is compared with.</summary>
/// <param name="Name">The name of the row.</param>
/// <param name="Limit">The row that its ratio is against; null for none.</param>
/// <param name="Prepare">Gets it ready for so many threads at once.</param>
internal sealed record Case(string Name, string? Limit, Func<int, IMeasurement> Prepare)
{
    /// <summary>Whether it is measured with one thread only.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Whether it gives the same each time, so that once is enough.</summary>
    public bool IsExact { get; init; }

    /// <summary>A row of what one operation gains over a bare one.</summary>
    public static Case Gain(string name, string limit, Func<Side> subject, Func<Side> bare) =>
        new(name, limit, threads =>
        {
            var side = subject();
            return new Gain(new Crew(threads, side.Lap), side.ForThreads(threads), bare().ForThreads(threads));
        });

    /// <summary>A row of what an operation costs by itself.</summary>
    public static Case Whole(string name, string limit, Func<Side> subject) => Gain(name, limit, subject, () => Side.Nothing);
}
