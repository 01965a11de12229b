namespace Instrumentator.Testing;

/// <summary>The rules for units in names: base units, written in full, so that queries need no factors.</summary>
internal static class LintUnits
{
    private static readonly string[] _baseUnits =
        ["seconds", "bytes", "meters", "grams", "joules", "volts", "amperes", "celsius", "kelvins"];

    private static readonly string[] _prefixes =
    [
        "nano", "micro", "milli", "centi", "deci",
        "kilo", "kibi", "mega", "mebi", "giga", "gibi", "tera", "tebi", "peta", "pebi"
    ];

    // Units that have a base unit but are not a prefixed form of it.
    private static readonly Dictionary<string, string> _others = new(StringComparer.Ordinal)
    {
        ["minutes"] = "seconds",
        ["hours"] = "seconds",
        ["days"] = "seconds",
        ["weeks"] = "seconds",
        ["bits"] = "bytes",
        ["inches"] = "meters",
        ["feet"] = "meters",
        ["miles"] = "meters",
        ["pounds"] = "grams",
        ["ounces"] = "grams",
        ["calories"] = "joules",
        ["fahrenheit"] = "celsius",
        ["percent"] = "ratio",
        ["percents"] = "ratio",
    };

    private static readonly Dictionary<string, string> _abbreviations = new(StringComparer.Ordinal)
    {
        ["s"] = "seconds",
        ["ms"] = "seconds",
        ["us"] = "seconds",
        ["ns"] = "seconds",
        ["sec"] = "seconds",
        ["secs"] = "seconds",
        ["b"] = "bytes",
        ["kb"] = "bytes",
        ["mb"] = "bytes",
        ["gb"] = "bytes",
        ["tb"] = "bytes",
    };

    /// <summary>Returns what is wrong with the units among the words of a name.</summary>
    public static IEnumerable<string> Remarks(string[] words)
    {
        foreach (var word in words)
        {
            if (BaseOf(word) is { } unit)
                yield return $"the unit should be {unit}, not {word}";
            if (_abbreviations.TryGetValue(word, out var full))
                yield return $"units should be written in full: {full}, not {word}";
        }
    }

    private static string? BaseOf(string word) => _others.GetValueOrDefault(word)
        ?? Array.Find(
            _baseUnits,
            unit => word.EndsWith(unit, StringComparison.Ordinal)
                && _prefixes.Contains(word[..^unit.Length], StringComparer.Ordinal));
}
