using System.Text;

namespace Instrumentator;

/// <summary>Unescapes strings of the text formats, between quotes or on a HELP line.</summary>
internal static class EscapedText
{
    /// <summary>Returns the text without its escapes.</summary>
    /// <remarks>A backslash before any other character stays, as in Prometheus: some libraries do not escape their
    /// help.</remarks>
    public static string Undo(string escaped)
    {
        if (!escaped.Contains('\\', StringComparison.Ordinal))
            return escaped;
        var text = new StringBuilder(escaped.Length);
        for (var at = 0; at < escaped.Length; at++)
        {
            var isEscape = escaped[at] == '\\' && at + 1 < escaped.Length && IsEscaped(escaped[at + 1]);
            text.Append(isEscape ? Unescaped(escaped[++at]) : escaped[at]);
        }
        return text.ToString();
    }

    private static bool IsEscaped(char character) => character is 'n' or '\\' or '"';

    private static char Unescaped(char character) => character == 'n' ? '\n' : character;
}
