namespace Instrumentator;

/// <summary>The maximum length of label values. Clients choose some values, such as paths, and a limit of series bounds
/// memory only together with a limit of their length.</summary>
internal static class LabelLength
{
    /// <summary>The maximum length of a label value in UTF-16 characters.</summary>
    public const int Max = 1_024;

    /// <summary>The last character of a value that was longer.</summary>
    private const string Ellipsis = "…";

    /// <summary>Returns a text that is not too long for a label value: the beginning of a longer one, with an ellipsis
    /// at its end.</summary>
    public static string Cut(string text) =>
        text.Length <= Max ? text : string.Concat(text.AsSpan(0, LengthOfBeginning(text)), Ellipsis);

    // Does not split a surrogate pair.
    private static int LengthOfBeginning(string text)
    {
        var length = Max - Ellipsis.Length;
        return char.IsSurrogatePair(text, length - 1) ? length - 1 : length;
    }
}
