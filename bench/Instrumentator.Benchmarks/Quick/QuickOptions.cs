namespace Instrumentator.Benchmarks;

/// <summary>The options of a quick run.</summary>
/// <param name="Json">The file to write the rows to; null for none.</param>
/// <param name="Only">Prefixes of the names of the rows to measure; empty for all rows.</param>
/// <param name="Threads">The numbers of concurrent threads.</param>
/// <param name="Rounds">The number of rounds.</param>
internal sealed record QuickOptions(string? Json, string[] Only, int[] Threads, int Rounds)
{
    private const int DefaultRounds = 101;

    public static QuickOptions Parse(Func<string, string?> value) =>
        new(
            value("--json"),
            value("--only")?.Split(',') ?? [],
            value("--threads") is { } threads
                ? [.. threads.Split(',').Select(int.Parse)]
                : DefaultThreads(Environment.ProcessorCount),
            value("--rounds") is { } rounds ? int.Parse(rounds) : DefaultRounds);

    /// <summary>Returns the chosen rows, and the limits that they are compared with.</summary>
    public IReadOnlyList<Case> Choose(IEnumerable<Case> all)
    {
        Case[] cases = [.. all];
        Case[] chosen = [.. cases.Where(IsWanted)];
        return [.. cases.Where(one => chosen.Contains(one) || chosen.Any(other => other.Limit == one.Name))];
    }

    /// <summary>Returns the numbers of threads that a case is measured with.</summary>
    public int[] ThreadsOf(Case one) => one.IsAlone ? [1] : Threads;

    private bool IsWanted(Case one) =>
        Only.Length == 0 || Only.Any(prefix => one.Name.StartsWith(prefix, StringComparison.Ordinal));

    // 1, 2, 4 and so on, and all cores.
    private static int[] DefaultThreads(int cores)
    {
        var threads = new SortedSet<int> { 1, 2, Math.Max(cores, 2) };
        for (var more = 4; more < cores; more *= 2)
            threads.Add(more);
        return [.. threads];
    }
}
