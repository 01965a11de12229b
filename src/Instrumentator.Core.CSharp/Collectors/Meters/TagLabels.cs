using System.Globalization;

namespace Instrumentator;

/// <summary>The labels of a measurement's tags.</summary>
internal static class TagLabels
{
    /// <summary>The maximum number of labels of a series. Further tags are left out.</summary>
    public const int Max = 64;

    /// <summary>Returns names and values alternately, ordered by name, so that the order of the tags makes no
    /// difference. Empty values are left out: for Prometheus, an empty label and none are the same.</summary>
    /// <param name="tags">The tags. The last one of a key counts. The values of keys that become one name are joined
    /// by <c>;</c>.</param>
    /// <param name="reserved">The name that the format itself adds; null for none.</param>
    public static ValueList<string> Of(ReadOnlySpan<KeyValuePair<string, object?>> tags, string? reserved)
    {
        var byName = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in ByKey(tags))
        {
            var name = InstrumentNames.OfLabel(key);
            name = name == reserved ? "exported_" + name : name;
            byName[name] = byName.TryGetValue(name, out var other) ? $"{other};{value}" : value;
        }
        return ValueList.From(byName
            .Where(label => label.Value.Length > 0)
            .SelectMany(label => new[] { label.Key, LabelSet.Clean(LabelLength.Cut(label.Value)) }));
    }

    /// <summary>Returns the names of labels that stand alternately with their values.</summary>
    public static ValueList<string> NamesOf(ValueList<string> labels) =>
        ValueList.From(labels.Where((_, i) => i % 2 == 0));

    /// <summary>Returns the values of such labels.</summary>
    public static ValueList<string> ValuesOf(ValueList<string> labels) =>
        ValueList.From(labels.Where((_, i) => i % 2 != 0));

    /// <summary>Returns whether tags may be kept as they are: they are short, and comparing them runs no code of an
    /// app.</summary>
    public static bool CanKeep(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (key, value) in tags)
        {
            if (key is null or { Length: > LabelLength.Max }
                || value is string { Length: > LabelLength.Max }
                || !TagComparer.IsPlain(value))
            {
                return false;
            }
        }
        return tags.Length <= Max;
    }

    private static SortedDictionary<string, string> ByKey(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var byKey = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags[..Math.Min(tags.Length, Max)])
            byKey[key is null ? "" : key[..Math.Min(key.Length, LabelLength.Max)]] = TextOf(value);
        return byKey;
    }

    private static string TextOf(object? value) => value switch
    {
        string text => text,
        true => "true",
        false => "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
