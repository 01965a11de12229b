namespace Instrumentator;

/// <summary>How the text formats write any string between quotes, or on a HELP line.</summary>
/// <remarks>See https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information.</remarks>
internal static class Escaping
{
    public static string LabelValue(string value) => HelpText(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    public static string HelpText(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
