namespace Instrumentator;

/// <summary>What is a valid name, and how names are put together.</summary>
/// <remarks>The rules are those of https://prometheus.io/docs/concepts/data_model/, without the UTF-8 names that older readers refuse.</remarks>
internal static class Names
{
    public const string TotalSuffix = "_total";

    /// <summary>Namespace, subsystem and name, joined by <c>_</c> where they are not empty.</summary>
    public static string Join(string? @namespace, string? subsystem, string name) =>
        string.Join('_', new[] { @namespace, subsystem, name }.Where(part => !string.IsNullOrEmpty(part)));

    /// <summary>A counter's name, which ends in <c>_total</c>.</summary>
    public static string OfCounter(string? name) => name is null || name.EndsWith(TotalSuffix, StringComparison.Ordinal) ? name! : name + TotalSuffix;

    public static IEnumerable<string> FaultsOfMetric(string? name)
    {
        if (!IsMetric(name))
            yield return $"The metric name \"{name}\" is invalid: use letters, digits, _ and :, and no digit first.";
    }

    public static IEnumerable<string> FaultsOfLabels(string metric, IReadOnlyList<string> labels, string? reserved)
    {
        foreach (var label in labels)
        {
            if (!IsLabel(label))
                yield return $"The label name \"{label}\" of {metric} is invalid: use letters, digits and _, and no digit first.";
            else if (label.StartsWith("__", StringComparison.Ordinal))
                yield return $"The label name \"{label}\" of {metric} is reserved for Prometheus: use one that does not start with __.";
            else if (label == reserved)
                yield return $"The label name \"{label}\" of {metric} is written by the format itself: use another one.";
        }
        foreach (var twice in labels.GroupBy(label => label, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return $"The label name \"{twice.Key}\" of {metric} is there {twice.Count()} times: rename or remove all but one.";
    }

    public static bool IsMetric(string? name) => IsName(name, colons: true);

    public static bool IsLabel(string? name) => IsName(name, colons: false);

    private static bool IsName(string? name, bool colons) =>
        !string.IsNullOrEmpty(name) && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || colons && c == ':');
}
