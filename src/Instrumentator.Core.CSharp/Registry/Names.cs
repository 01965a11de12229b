using System.Text;

namespace Instrumentator;

/// <summary>What is a valid name, and how names are put together.</summary>
/// <remarks>The rules are those of https://prometheus.io/docs/concepts/data_model/, with the UTF-8 names that older readers refuse only where they are
/// allowed.</remarks>
internal static class Names
{
    public const string TotalSuffix = "_total";

    /// <summary>The schemes for readers that cannot take any text, the usual one first.</summary>
    public static readonly NameEscaping[] Escapings = [NameEscaping.Underscores, NameEscaping.Dots, NameEscaping.Values];

    private const string MetricName = "__name__";
    private const string AnyText = "any text but an empty one, and no half of a surrogate pair.";

    /// <summary>Namespace, subsystem and name, joined by <c>_</c> where they are not empty.</summary>
    public static string Join(string? @namespace, string? subsystem, string name) =>
        string.Join('_', new[] { @namespace, subsystem, name }.Where(part => !string.IsNullOrEmpty(part)));

    /// <summary>A counter's name, which ends in <c>_total</c>.</summary>
    public static string OfCounter(string? name) => name is null || name.EndsWith(TotalSuffix, StringComparison.Ordinal) ? name! : name + TotalSuffix;

    public static IEnumerable<string> ErrorsOfMetric(string? name, bool utf8)
    {
        if (!(utf8 ? IsUtf8(name) : IsMetric(name)))
            yield return $"The metric name \"{name}\" is invalid: use {(utf8 ? AnyText : "letters, digits, _ and :, and no digit first.")}";
    }

    public static IEnumerable<string> ErrorsOfLabels(string metric, IReadOnlyList<string> labels, string? reserved, bool utf8 = false)
    {
        foreach (var label in labels)
        {
            if (!(utf8 ? IsUtf8(label) : IsLabel(label)))
                yield return $"The label name \"{label}\" of {metric} is invalid: use {(utf8 ? AnyText : "letters, digits and _, and no digit first.")}";
            else if (label.StartsWith("__", StringComparison.Ordinal))
                yield return $"The label name \"{label}\" of {metric} is reserved for Prometheus: use one that does not start with __.";
            else if (utf8 && IsNameOfMetric(label))
                yield return $"The label name \"{label}\" of {metric} is {MetricName} to readers that cannot take it as it is, which is reserved for Prometheus: use another one.";
            else if (label == reserved)
                yield return $"The label name \"{label}\" of {metric} is written by the format itself: use another one.";
        }
        foreach (var twice in Alike(labels))
            yield return $"The label name \"{twice.Key}\" of {metric} is there {twice.Count()} times: rename or remove all but one.";
    }

    public static bool IsMetric(string? name) => IsName(name, colons: true);

    public static bool IsLabel(string? name) => IsName(name, colons: false);

    /// <summary>Whether it is a name for every reader.</summary>
    public static bool IsName(string? name, bool colons)
    {
        // Every new series comes by here, so nothing is allocated.
        for (var i = 0; i < name?.Length; i++)
        {
            if (!char.IsAscii(name[i]) || !IsOfName((Rune)name[i], isFirst: i == 0, colons))
                return false;
        }
        return !string.IsNullOrEmpty(name);
    }

    /// <summary>Whether a character may stand in such a name.</summary>
    public static bool IsOfName(Rune character, bool isFirst, bool colons) =>
        character.IsAscii && (char)character.Value is var c && (char.IsAsciiLetter(c) || c == '_' || colons && c == ':' || !isFirst && char.IsAsciiDigit(c));

    private static bool IsUtf8(string? name) => !string.IsNullOrEmpty(name) && LabelSet.Clean(name) == name;

    // Some reader would take the label for the name of its metric.
    private static bool IsNameOfMetric(string label) =>
        Array.Exists(Escapings, escaping => EscapedName.OfLabel(label, escaping) == MetricName);

    // Those that are the same as they are, and those that are to a reader that cannot take one of them.
    private static IEnumerable<IGrouping<string, string>> Alike(IReadOnlyList<string> labels) => labels.All(IsLabel)
        ? labels.GroupBy(label => label, StringComparer.Ordinal).Where(group => group.Count() > 1)
        : Escapings.SelectMany(escaping => labels.GroupBy(label => EscapedName.OfLabel(label ?? "", escaping), StringComparer.Ordinal))
            .Where(group => group.Count() > 1).DistinctBy(group => string.Join('\n', group), StringComparer.Ordinal);
}
