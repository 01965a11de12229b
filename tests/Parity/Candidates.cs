namespace Instrumentator.Parity;

/// <summary>Writes an actual result in the form of <c>differences.json</c>. A person must review it before it becomes
/// an expectation.</summary>
internal static class Candidates
{
    /// <summary>The environment variable with the output folder. Without it, nothing is written.</summary>
    public const string Variable = "PARITY_CANDIDATES";

    public static void Write(string stem, Scenario scenario, Result result)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder)
            return;
        var entry = new Difference { Reason = "", Expect = Expectation(scenario, result) };
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, stem + ".json"),
            Json.Write(new Dictionary<string, Difference> { [stem] = entry }));
    }

    private static Result Expectation(Scenario scenario, Result result) => result with
    {
        SetupRaises = result.SetupRaises?.Split(':')[0],
        Scrape = result.Scrape is { } scrape
            ? scrape with
            {
                Families = Marked(scenario, scrape.Families),
                FamiliesOfDefaultRegistry = Marked(scenario, scrape.FamiliesOfDefaultRegistry),
            }
            : null,
        AfterRelease = result.AfterRelease is { } after
            ? new AfterRelease { Families = Marked(scenario, after.Families) }
            : null,
    };

    /// <summary>Removes our own HELP texts, and replaces the size of a scrape with a placeholder.</summary>
    private static string Marked(Scenario scenario, string? families) =>
        string.Join('\n', (families ?? "")
            .Split('\n')
            .Select(line => WithoutHelp(scenario, WithoutSize(scenario, line))));

    private static string WithoutHelp(Scenario scenario, string line) =>
        line.StartsWith("# HELP ", StringComparison.Ordinal) && !scenario.Add.Any(ChoosesHelp)
            ? string.Join(' ', line.Split(' ').Take(3))
            : line;

    private static bool ChoosesHelp(Addition addition) => addition.Args?.TryGetProperty("metric_doc", out _) == true;

    private static string WithoutSize(Scenario scenario, string line) =>
        line.Contains("_size_bytes_sum{")
            && !line.Contains("request_size_bytes")
            && line.Contains($"handler=\"{scenario.ScrapePath}\"")
            && !line.EndsWith(" 0")
            ? line[..(line.LastIndexOf(' ') + 1)] + Count.AnySize
            : line;
}
