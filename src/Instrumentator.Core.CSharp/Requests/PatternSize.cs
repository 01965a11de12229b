using System.Globalization;
using System.Text.RegularExpressions;

namespace Instrumentator;

/// <summary>The size of a regular expression's automaton, estimated from its repetitions: the sum of their largest
/// counts, where the counts of nested ones multiply. <c>*</c>, <c>+</c> and <c>?</c> count 1.</summary>
/// <remarks>A rough estimate is enough: usual patterns come to less than 100, and those that take seconds for a single
/// character to some thousands.</remarks>
internal static partial class PatternSize
{
    /// <summary>The largest size that is allowed.</summary>
    public const double Max = 500;

    /// <summary>Returns the size of a pattern, which need not be valid.</summary>
    public static double Of(string pattern)
    {
        // The size of each open group so far, and that of the last item, which may be repeated.
        var groups = new Stack<double>([0]);
        var last = 0.0;
        foreach (Match token in Token.Matches(pattern))
        {
            if (CountOf(token) is { } count)
            {
                last = (last + 1) * count;
                continue;
            }
            groups.Push(groups.Pop() + last);
            last = 0;
            if (token.Groups["open"].Success)
                groups.Push(0);
            else if (token.Groups["close"].Success && groups.Count > 1)
                last = groups.Pop();
        }
        return groups.Sum() + last;
    }

    // A comment, a character class and an escaped character are one token each.
    [GeneratedRegex(
        """\\.|\[\^?\]?(\\.|[^\]\\])*\]|\(\?#[^)]*\)|(?<open>\(\??)|(?<close>\))|(?<once>[*+?])"""
        + """|\{(?<least>\d+)(,(?<most>\d*))?\}|.""",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Token { get; }

    private static double? CountOf(Match token) =>
        token.Groups["once"].Success ? 1
        : !token.Groups["least"].Success ? null
        : double.Parse(
            token.Groups["most"] is { Length: > 0 } most ? most.ValueSpan : token.Groups["least"].ValueSpan,
            NumberStyles.None,
            CultureInfo.InvariantCulture);
}
