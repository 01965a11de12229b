using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Instrumentator;

/// <summary>A set of regular expressions, any of which may match anywhere in the text.</summary>
/// <remarks>They run without backtracking: matching takes time linear in the text, for any pattern and any
/// text.</remarks>
internal sealed class PatternSet
{
    private static readonly ConditionalWeakTable<ValueList<string>, PatternSet> _sets = [];

    private readonly Regex[] _patterns;

    private PatternSet(ValueList<string> patterns) => _patterns = [.. patterns.Select(Compile).OfType<Regex>()];

    public bool IsEmpty => _patterns.Length == 0;

    /// <summary>Returns the set of a list of patterns, compiled once for each list.</summary>
    public static PatternSet Cached(ValueList<string> patterns) =>
        _sets.GetValue(patterns, static list => new PatternSet(list));

    public bool IsMatch(string text)
    {
        foreach (var pattern in _patterns)
        {
            if (pattern.IsMatch(text))
                return true;
        }

        return false;
    }

    /// <summary>Returns the errors of a list of patterns; none when all compile.</summary>
    public static IEnumerable<string> Validate(string setting, ValueList<string>? patterns) =>
        patterns?.SelectMany(pattern => Validate(setting, pattern)) ?? [ConfigErrors.NullList(setting)];

    /// <summary>Returns the errors of a pattern; none when it compiles.</summary>
    private static IEnumerable<string> Validate(string setting, string? pattern)
    {
        if (pattern is null)
            return [$"{setting} contains null. Remove it, or use \"\" to match everything."];
        try
        {
            _ = New(pattern);
            return [];
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return
            [
                $"{setting} holds \"{pattern}\", which is not a regular expression that works without backtracking: "
                + $"{e.Message} "
                + "Lookarounds and backreferences are not supported."
            ];
        }
    }

    private static Regex? Compile(string? pattern) => Validate("", pattern).Any() ? null : New(pattern!);

    private static Regex New(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
