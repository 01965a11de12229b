namespace Instrumentator;

/// <summary>Label values as given, where null is empty text and any length is allowed, and as kept: not longer than
/// <see cref="LabelLength.Max"/>, and cleaned by <see cref="LabelSet.Clean"/>. All comparisons are ordinal.</summary>
internal static class LabelValues
{
    public static bool AreEqual(ReadOnlySpan<string?> given, string[] kept)
    {
        if (given.Length != kept.Length)
            return false;
        for (var i = 0; i < kept.Length; i++)
        {
            if (!string.Equals(given[i] ?? "", kept[i], StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    public static uint HashOf(ReadOnlySpan<string?> given)
    {
        var hash = default(HashCode);
        foreach (var value in given)
            hash.Add(value ?? "", StringComparer.Ordinal);
        return (uint)hash.ToHashCode();
    }

    /// <summary>Returns whether values are kept as they are.</summary>
    public static bool AreClean(ReadOnlySpan<string?> given)
    {
        foreach (var value in given)
        {
            if (value?.Length > LabelLength.Max || !LabelSet.IsClean(value))
                return false;
        }
        return true;
    }

    public static string[] Clean(ReadOnlySpan<string?> given)
    {
        var values = new string[given.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = LabelSet.Clean(LabelLength.Cut(given[i] ?? ""));
        return values;
    }
}
