namespace Instrumentator.Benchmarks;

/// <summary>A row of the table: an operation to measure, and the row that it is compared with.</summary>
/// <param name="Name">The name of the row.</param>
/// <param name="Limit">The name of the row that the ratio refers to; null for none.</param>
/// <param name="Prepare">Prepares the measurement for a number of concurrent threads.</param>
internal sealed record Case(string Name, string? Limit, Func<int, IMeasurement> Prepare)
{
    /// <summary>Whether only one thread is measured.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Whether every measurement gives the same, so that one is enough.</summary>
    public bool IsExact { get; init; }

    /// <summary>Returns a row that measures the overhead of one operation over the bare one.</summary>
    public static Case Gain(string name, string limit, Func<Side> subject, Func<Side> bare) =>
        new(name, limit, threads =>
        {
            var side = subject();
            return new Gain(new Crew(threads, side.Lap), side.ForThreads(threads), bare().ForThreads(threads));
        });

    /// <summary>Returns a row that measures an operation by itself.</summary>
    public static Case Whole(string name, string limit, Func<Side> subject) =>
        Gain(name, limit, subject, () => Side.Nothing);
}
