namespace Instrumentator.Testing;

/// <summary>The exception for a text that breaks a rule of its format. The message has the line and the rule.</summary>
public sealed class ScrapeFormatException : FormatException
{
    internal ScrapeFormatException(int lineNumber, string line, string rule)
        : base(FormattableString.Invariant($"Line {lineNumber}: {rule}. The line: {Shown(line)}")) =>
        (LineNumber, Line, Rule) = (lineNumber, line, rule);

    /// <summary>The line number, starting at 1. If a series lacks something, it is that of its first line.</summary>
    public int LineNumber { get; }

    /// <summary>The text of the line.</summary>
    public string Line { get; }

    /// <summary>The rule that the line breaks.</summary>
    public string Rule { get; }

    /// <summary>Returns a text with visible escapes for its control characters.</summary>
    internal static string Shown(string text) =>
        text.Any(char.IsControl)
            ? string.Concat(text.Select(c =>
                char.IsControl(c) ? FormattableString.Invariant($"\\u{(int)c:X4}") : $"{c}"))
            : text;
}
