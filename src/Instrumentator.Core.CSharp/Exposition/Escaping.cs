namespace Instrumentator;

/// <summary>The escaping of quoted strings and of HELP lines in the text formats.</summary>
/// <remarks>See
/// https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information.</remarks>
internal static class Escaping
{
    public static string LabelValue(string value) => HelpText(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    public static string HelpText(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
