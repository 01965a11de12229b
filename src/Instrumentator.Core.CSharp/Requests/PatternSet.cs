using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>A set of regular expressions, any of which may match anywhere in the text.</summary>
internal sealed class PatternSet
{
    /// <summary>The number of characters of a text that are searched, from its start: as many as a label
    /// has.</summary>
    public const int MaxLength = LabelLength.Max;

    private static readonly ConditionalWeakTable<ValueList<string>, PatternSet> _sets = [];

    private readonly Pattern[] _patterns;

    private PatternSet(ValueList<string> patterns) =>
        _patterns = [.. patterns.Where(text => !Validate("", text).Any()).Select(text => new Pattern(text))];

    public bool IsEmpty => _patterns.Length == 0;

    /// <summary>Returns the set of a list of patterns, compiled once for each list.</summary>
    public static PatternSet Cached(ValueList<string> patterns) =>
        _sets.GetValue(patterns, static list => new PatternSet(list));

    /// <summary>Returns whether a pattern matches.</summary>
    /// <param name="text">The text, of which the first <see cref="MaxLength"/> characters are searched.</param>
    /// <param name="timedOut">Receives a pattern that takes too long, and counts as not matching.</param>
    public bool IsMatch(string text, Action<string>? timedOut = null)
    {
        var searched = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        foreach (var pattern in _patterns)
        {
            if (pattern.IsMatch(searched, timedOut))
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
        if (PatternSize.Of(pattern) is > PatternSize.Max and var size)
        {
            return
            [
                FormattableString.Invariant(
                    $"{setting} holds \"{pattern}\", which repeats too much: its repetitions come to {size:n0}, ")
                + FormattableString.Invariant($"nested ones multiplied, but may come to {PatternSize.Max:n0}. ")
                + "Use * or + instead of large counts, or several patterns.",
            ];
        }
        try
        {
            _ = Pattern.Compile(pattern);
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
}
