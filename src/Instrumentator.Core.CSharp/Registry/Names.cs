using System.Text;

namespace Instrumentator;

/// <summary>The rules for valid names, and functions that compose names.</summary>
/// <remarks>The rules are those of https://prometheus.io/docs/concepts/data_model/. UTF-8 names, which older readers
/// reject, are valid only where they are allowed.</remarks>
internal static class Names
{
    public const string TotalSuffix = "_total";

    /// <summary>The escaping schemes for readers that do not support UTF-8 names, the default first.</summary>
    public static readonly NameEscaping[] Escapings =
        [NameEscaping.Underscores, NameEscaping.Dots, NameEscaping.Values];

    private const string MetricName = "__name__";
    private const string AnyText = "any text that is not empty and has no unpaired surrogate.";

    /// <summary>Joins the non-empty ones of namespace, subsystem and name with <c>_</c>.</summary>
    public static string Join(string? @namespace, string? subsystem, string name) =>
        string.Join('_', new[] { @namespace, subsystem, name }.Where(part => !string.IsNullOrEmpty(part)));

    /// <summary>Returns a counter's name, which ends in <c>_total</c>.</summary>
    public static string OfCounter(string? name) =>
        name is null || name.EndsWith(TotalSuffix, StringComparison.Ordinal) ? name! : name + TotalSuffix;

    public static IEnumerable<string> ErrorsOfMetric(string? name, bool utf8)
    {
        if (!IsMetric(name, utf8))
            yield return $"The metric name \"{name}\" is invalid: {UseForMetric(utf8)}";
    }

    /// <summary>Returns the errors of the parts of a name that precede the metric's own.</summary>
    /// <param name="namespace">The namespace; null or empty for none.</param>
    /// <param name="subsystem">The subsystem; null or empty for none.</param>
    /// <param name="owner">What has them, for the message.</param>
    /// <param name="utf8">Whether names may contain any text.</param>
    public static IEnumerable<string> ErrorsOfPrefix(string? @namespace, string? subsystem, string owner, bool utf8)
    {
        if (!IsMetric(Join(@namespace, null, "_"), utf8))
            yield return $"The namespace \"{@namespace}\" of {owner} is invalid: {UseForMetric(utf8)}";

        // After a namespace, a subsystem may start with a digit.
        if (!IsMetric(Join(string.IsNullOrEmpty(@namespace) ? null : "_", subsystem, "_"), utf8))
            yield return $"The subsystem \"{subsystem}\" of {owner} is invalid: {UseForMetric(utf8)}";
    }

    public static IEnumerable<string> ErrorsOfLabels(
        string metric,
        IReadOnlyList<string> labels,
        string? reserved,
        bool utf8 = false)
    {
        foreach (var label in labels)
        {
            if (!(utf8 ? IsUtf8(label) : IsLabel(label)))
            {
                yield return $"The label name \"{label}\" of {metric} is invalid: "
                    + $"use {(utf8 ? AnyText : "letters, digits and _, not starting with a digit.")}";
            }
            else if (label.StartsWith("__", StringComparison.Ordinal))
            {
                yield return $"The label name \"{label}\" of {metric} is reserved for Prometheus: "
                    + "use one that does not start with __.";
            }
            else if (utf8 && IsNameOfMetric(label))
            {
                yield return $"The label name \"{label}\" of {metric} is {MetricName} after escaping, "
                    + "which is reserved for Prometheus: use another name.";
            }
            else if (label == reserved)
            {
                yield return $"The label name \"{label}\" of {metric} is reserved for the format itself: "
                    + "use another name.";
            }
        }
        foreach (var twice in Alike(labels))
        {
            yield return twice.Distinct(StringComparer.Ordinal).Skip(1).Any()
                ? $"The label names {string.Join(" and ", twice.Select(label => $"\"{label}\""))} of {metric} are both "
                    + $"\"{twice.Key}\" after escaping: rename all but one."
                : $"The label name \"{twice.Key}\" of {metric} occurs {twice.Count()} times: "
                    + "rename or remove all but one.";
        }
    }

    public static bool IsMetric(string? name) => IsName(name, colons: true);

    public static bool IsLabel(string? name) => IsName(name, colons: false);

    /// <summary>Returns whether every reader accepts a name.</summary>
    public static bool IsName(string? name, bool colons)
    {
        // Every new series runs this, so it allocates nothing.
        for (var i = 0; i < name?.Length; i++)
        {
            if (!char.IsAscii(name[i]) || !IsOfName((Rune)name[i], isFirst: i == 0, colons))
                return false;
        }
        return !string.IsNullOrEmpty(name);
    }

    /// <summary>Returns whether such a name may contain a character.</summary>
    public static bool IsOfName(Rune character, bool isFirst, bool colons) =>
        character.IsAscii
        && (char)character.Value is var c
        && (char.IsAsciiLetter(c) || c == '_' || colons && c == ':' || !isFirst && char.IsAsciiDigit(c));

    private static bool IsMetric(string? name, bool utf8) => utf8 ? IsUtf8(name) : IsMetric(name);

    private static string UseForMetric(bool utf8) =>
        $"use {(utf8 ? AnyText : "letters, digits, _ and :, not starting with a digit.")}";

    private static bool IsUtf8(string? name) => !string.IsNullOrEmpty(name) && LabelSet.Clean(name) == name;

    // Whether a reader could mistake the label for the metric name.
    private static bool IsNameOfMetric(string label) =>
        Array.Exists(Escapings, escaping => EscapedName.OfLabel(label, escaping) == MetricName);

    // Labels that are equal as they are, or after escaping for a reader that does not support UTF-8 names.
    private static IEnumerable<IGrouping<string, string>> Alike(IReadOnlyList<string> labels) => labels.All(IsLabel)
        ? labels.GroupBy(label => label, StringComparer.Ordinal).Where(group => group.Count() > 1)
        : Escapings
            .SelectMany(escaping => labels.GroupBy(
                label => EscapedName.OfLabel(label ?? "", escaping),
                StringComparer.Ordinal))
            .Where(group => group.Count() > 1)
            .DistinctBy(group => string.Join('\n', group), StringComparer.Ordinal);
}
