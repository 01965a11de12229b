namespace Instrumentator;

/// <summary>Label values as given, where null is empty text and any length is allowed, and as kept: not longer than
/// <see cref="MaxLength"/>, and cleaned by <see cref="LabelSet.Clean"/>. All comparisons are ordinal.</summary>
internal static class LabelValues
{
    /// <summary>The maximum length of a label value in UTF-16 characters. Clients choose some values, such as paths,
    /// and the limit of series bounds memory only together with a limit of their length.</summary>
    public const int MaxLength = 1_024;

    /// <summary>The last character of a value that was longer.</summary>
    private const string Ellipsis = "…";

    /// <summary>Returns a text that is not too long for a label value: the beginning of a longer one, with an ellipsis
    /// at its end.</summary>
    public static string Cut(string text) =>
        text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, LengthOfBeginning(text)), Ellipsis);

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
            if (value?.Length > MaxLength || !LabelSet.IsClean(value))
                return false;
        }
        return true;
    }

    public static string[] Clean(ReadOnlySpan<string?> given)
    {
        var values = new string[given.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = LabelSet.Clean(Cut(given[i] ?? ""));
        return values;
    }

    // Does not split a surrogate pair.
    private static int LengthOfBeginning(string text)
    {
        var length = MaxLength - Ellipsis.Length;
        return char.IsSurrogatePair(text, length - 1) ? length - 1 : length;
    }
}
