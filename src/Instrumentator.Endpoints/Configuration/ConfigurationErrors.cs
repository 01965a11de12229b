using Microsoft.Extensions.Configuration;

namespace Instrumentator;

/// <summary>The errors of a configuration's form. Each names the full path of the key, the value, and the rule.
/// </summary>
internal static class ConfigurationErrors
{
    /// <summary>Returns the error of a value that is not what it must be.</summary>
    public static string Wrong(IConfigurationSection section, string rule) =>
        $"{section.Path} is {Describe(section)}, but must be {rule}.";

    /// <summary>Returns the error of a key that does not exist.</summary>
    /// <param name="section">The key.</param>
    /// <param name="known">The paths of the keys that exist beside it and below.</param>
    public static string Unknown(IConfigurationSection section, IReadOnlyCollection<string> known) =>
        NearestName.Of(section.Key, known) is { } nearest
            ? $"{section.Path} is unknown; did you mean {nearest}?"
            : $"{section.Path} is unknown. Remove it, or use one of "
                + $"{string.Join(", ", known.Where(name => !name.Contains(':', StringComparison.Ordinal)))}.";

    /// <summary>Returns the names as a choice: <c>a, b or c</c>.</summary>
    public static string OneOf(IReadOnlyList<string> names) => names.Count == 1
        ? names[0]
        : $"{string.Join(", ", names.Take(names.Count - 1))} or {names[^1]}";

    private static string Describe(IConfigurationSection section) =>
        section.Value is { } text ? $"\"{text}\""
        : section.GetChildren().Any() ? "a section"
        : "null";
}
