namespace Instrumentator.Testing;

/// <summary>The rules of Prometheus's conventions, one per method.</summary>
internal static class LintRules
{
    private static readonly string[] _types = ["counter", "gauge", "histogram", "summary"];
    private static readonly string[] _reservedSuffixes = ["_bucket", "_count", "_sum"];

    public static IEnumerable<string> Remarks(ParsedFamily family)
    {
        var name = family.PrometheusName;
        string[] words = name.Split('_');
        return OfHelp(family)
            .Concat(OfTotal(family.Type, name))
            .Concat(OfSuffix(family.Type, name))
            .Concat(OfCharacters(name))
            .Concat(OfTypeInName(family.Type, words))
            .Concat(LintUnits.Remarks(words))
            .Concat(OfLabels(family));
    }

    private static IEnumerable<string> OfHelp(ParsedFamily family)
    {
        if (string.IsNullOrWhiteSpace(family.Help))
            yield return "there is no help text";
    }

    private static IEnumerable<string> OfTotal(string type, string name)
    {
        var isTotal = name.EndsWith("_total", StringComparison.Ordinal);
        if (type == "counter" && !isTotal)
            yield return "the name of a counter should end in _total";
        if (isTotal && type is not ("counter" or "untyped" or "unknown"))
            yield return $"the name of a {type} should not end in _total, as that of a counter does";
    }

    private static IEnumerable<string> OfSuffix(string type, string name)
    {
        if (type is "untyped" or "unknown")
            yield break;
        foreach (var suffix in _reservedSuffixes.Where(suffix => name.EndsWith(suffix, StringComparison.Ordinal)))
            yield return $"{suffix} at the end of a name is for the samples of histograms and summaries";
    }

    private static IEnumerable<string> OfCharacters(string name)
    {
        if (name.Contains(':', StringComparison.Ordinal))
            yield return "colons are for the names of recording rules";
        if (name.StartsWith('_'))
            yield return "names that begin with _ are reserved";
        if (name.Any(char.IsUpper))
            yield return "the name should be in snake_case";
    }

    private static IEnumerable<string> OfTypeInName(string type, string[] words) =>
        _types.Where(one => one == type && words.Contains(one, StringComparer.OrdinalIgnoreCase))
            .Select(one => $"the name should not say the type, {one}");

    private static IEnumerable<string> OfLabels(ParsedFamily family)
    {
        foreach (var label in family.Samples
            .SelectMany(sample => sample.Labels)
            .Select(label => label.Name)
            .Distinct(StringComparer.Ordinal))
        {
            if (label.Any(char.IsUpper))
                yield return $"the label {label} should be in snake_case";
            if (label == "le" && family.Type is "counter" or "gauge" or "summary"
                || label == "quantile" && family.Type is "counter" or "gauge" or "histogram")
            {
                yield return $"the label {label} is for "
                    + $"{(label == "le" ? "the buckets of histograms" : "the quantiles of summaries")}";
            }
            if (label.StartsWith("__", StringComparison.Ordinal))
                yield return $"the label {label} is reserved: Prometheus keeps names that begin with __ to itself";
        }
    }
}
