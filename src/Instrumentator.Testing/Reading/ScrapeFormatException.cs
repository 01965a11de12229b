namespace Instrumentator.Testing;

/// <summary>A text that breaks a rule of its format. The message says where, and which.</summary>
public sealed class ScrapeFormatException : FormatException
{
    internal ScrapeFormatException(int lineNumber, string line, string rule) : base(FormattableString.Invariant($"Line {lineNumber}: {rule}. The line: {Shown(line)}")) =>
        (LineNumber, Line, Rule) = (lineNumber, line, rule);

    /// <summary>Which line it is; the first one is 1. For what is missing from a series, its first line.</summary>
    public int LineNumber { get; }

    /// <summary>The line.</summary>
    public string Line { get; }

    /// <summary>What should be otherwise.</summary>
    public string Rule { get; }

    /// <summary>Text of which each character can be seen.</summary>
    internal static string Shown(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? FormattableString.Invariant($"\\u{(int)c:X4}") : $"{c}")) : text;
}
