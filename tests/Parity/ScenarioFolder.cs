namespace Instrumentator.Parity;

/// <summary>Something that ours does otherwise than the original, on purpose.</summary>
internal sealed record Difference
{
    public required string Reason { get; init; }

    /// <summary>What ours does: all of it.</summary>
    public required Result Expect { get; init; }
}

/// <summary>A folder of scenarios, and what is known to differ.</summary>
/// <param name="path">The folder.</param>
internal sealed class ScenarioFolder(string path)
{
    /// <summary>Names a folder of further scenarios, to be run in place of those that are here.</summary>
    public const string Variable = "PARITY_SCENARIOS";

    private const string DifferencesFile = "differences.json";

    private static readonly string _home = AppContext.BaseDirectory;

    private readonly Lazy<Dictionary<string, Difference>> _differences = new(() => ReadAllDifferences(path));

    /// <summary>The scenarios that stand in this repository.</summary>
    public static ScenarioFolder Own { get; } = new(Path.Combine(_home, "scenarios"));

    /// <summary>The scenarios that are run.</summary>
    public static ScenarioFolder Current { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } other ? new ScenarioFolder(Path.GetFullPath(other)) : Own;

    /// <summary>The names of the files, without the ending.</summary>
    public string[] Stems =>
        [.. Files.Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    private IEnumerable<string> Files => Directory.EnumerateFiles(path, "*.json").Where(file => Path.GetFileName(file) != DifferencesFile);

    /// <summary>What is listed for these scenarios: in this repository and, when it is another folder, in there.</summary>
    public Dictionary<string, Difference> Differences => _differences.Value;

    public Scenario Read(string stem) => Json.ReadFile<Scenario>(Path.Combine(path, stem + ".json"));

    /// <summary>What is listed for a scenario, by the name in its file or by that of the file.</summary>
    public Difference? Find(string stem, Scenario scenario) => Differences.GetValueOrDefault(stem) ?? Differences.GetValueOrDefault(scenario.Name);

    private static Dictionary<string, Difference> ReadAllDifferences(string folder)
    {
        var all = ReadDifferences(_home);
        foreach (var (name, difference) in ReadDifferences(folder))
            all[name] = difference;
        return all;
    }

    private static Dictionary<string, Difference> ReadDifferences(string folder) =>
        Path.Combine(folder, DifferencesFile) is var file && File.Exists(file) ? Json.ReadFile<Dictionary<string, Difference>>(file) : [];
}
