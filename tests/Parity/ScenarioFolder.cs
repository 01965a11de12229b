namespace Instrumentator.Parity;

/// <summary>An intended difference of this library from the original.</summary>
internal sealed record Difference
{
    public required string Reason { get; init; }

    /// <summary>Gets the complete result of this library.</summary>
    public required Result Expect { get; init; }
}

/// <summary>A folder of scenarios with the known differences.</summary>
/// <param name="path">The folder.</param>
internal sealed class ScenarioFolder(string path)
{
    /// <summary>The environment variable with a folder of other scenarios, to run instead of those in this
    /// repository.</summary>
    public const string Variable = "PARITY_SCENARIOS";

    private const string DifferencesFile = "differences.json";

    private static readonly string _home = AppContext.BaseDirectory;

    private readonly Lazy<Dictionary<string, Difference>> _differences = new(() => ReadAllDifferences(path));

    /// <summary>Gets the scenarios in this repository.</summary>
    public static ScenarioFolder Own { get; } = new(Path.Combine(_home, "scenarios"));

    /// <summary>Gets the scenarios to run.</summary>
    public static ScenarioFolder Current { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } other
            ? new ScenarioFolder(Path.GetFullPath(other))
            : Own;

    /// <summary>Gets the names of the files, without the extension.</summary>
    public string[] Stems =>
        [.. Files.Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    private IEnumerable<string> Files =>
        Directory.EnumerateFiles(path, "*.json").Where(file => Path.GetFileName(file) != DifferencesFile);

    /// <summary>Gets the listed differences: those in this repository and, for another folder, also those in that
    /// folder.</summary>
    public Dictionary<string, Difference> Differences => _differences.Value;

    public Scenario Read(string stem) => Json.ReadFile<Scenario>(Path.Combine(path, stem + ".json"));

    /// <summary>Returns the listed difference of a scenario, by the name of its file or by the name in the file; null
    /// if there is none.</summary>
    public Difference? Find(string stem, Scenario scenario) =>
        Differences.GetValueOrDefault(stem) ?? Differences.GetValueOrDefault(scenario.Name);

    private static Dictionary<string, Difference> ReadAllDifferences(string folder)
    {
        var all = ReadDifferences(_home);
        foreach (var (name, difference) in ReadDifferences(folder))
            all[name] = difference;
        return all;
    }

    private static Dictionary<string, Difference> ReadDifferences(string folder) =>
        Path.Combine(folder, DifferencesFile) is var file && File.Exists(file)
            ? Json.ReadFile<Dictionary<string, Difference>>(file)
            : [];
}
