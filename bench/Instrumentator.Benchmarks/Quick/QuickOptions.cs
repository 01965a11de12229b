namespace Instrumentator.Benchmarks;

/// <summary>What a quick run is asked for.</summary>
/// <param name="Json">The file for the rows; null for none.</param>
/// <param name="Only">How the names of the rows begin; one of these. None for all rows.</param>
/// <param name="Threads">With how many threads at once.</param>
/// <param name="Rounds">How many rounds.</param>
internal sealed record QuickOptions(string? Json, string[] Only, int[] Threads, int Rounds)
{
    private const int DefaultRounds = 101;

    public static QuickOptions Parse(Func<string, string?> value) => new(
        value("--json"),
        value("--only")?.Split(',') ?? [],
        value("--threads") is { } threads ? [.. threads.Split(',').Select(int.Parse)] : DefaultThreads(Environment.ProcessorCount),
        value("--rounds") is { } rounds ? int.Parse(rounds) : DefaultRounds);

    /// <summary>The rows that are wanted, with the limits that they are compared with.</summary>
    public IReadOnlyList<Case> Choose(IEnumerable<Case> all)
    {
        Case[] cases = [.. all];
        Case[] chosen = [.. cases.Where(IsWanted)];
        return [.. cases.Where(one => chosen.Contains(one) || chosen.Any(other => other.Limit == one.Name))];
    }

    /// <summary>With how many threads a case is measured.</summary>
    public int[] ThreadsOf(Case one) => one.IsAlone ? [1] : Threads;

    private bool IsWanted(Case one) => Only.Length == 0 || Only.Any(prefix => one.Name.StartsWith(prefix, StringComparison.Ordinal));

    // 1, 2, 4 and so on, and all cores.
    private static int[] DefaultThreads(int cores)
    {
        var threads = new SortedSet<int> { 1, 2, Math.Max(cores, 2) };
        for (var more = 4; more < cores; more *= 2)
            threads.Add(more);
        return [.. threads];
    }
}
