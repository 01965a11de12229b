using System.Text;

namespace Instrumentator;

/// <summary>How the text formats write any string between quotes, or on a HELP line.</summary>
/// <remarks>See https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information.</remarks>
internal static class Escaping
{
    public static string LabelValue(string value) => HelpText(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    public static string HelpText(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>What was escaped, as it was before. A backslash before anything else is one, as in Prometheus: some libraries do not escape their help.</summary>
    public static string Undo(string escaped)
    {
        if (!escaped.Contains('\\', StringComparison.Ordinal))
            return escaped;
        var text = new StringBuilder(escaped.Length);
        for (var at = 0; at < escaped.Length; at++)
            text.Append(escaped[at] == '\\' && at + 1 < escaped.Length && IsEscaped(escaped[at + 1]) ? Unescaped(escaped[++at]) : escaped[at]);
        return text.ToString();
    }

    private static bool IsEscaped(char character) => character is 'n' or '\\' or '"';

    private static char Unescaped(char character) => character == 'n' ? '\n' : character;
}
