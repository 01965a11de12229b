using System.Collections;
using System.Globalization;
using System.Text;

namespace Instrumentator.Properties;

/// <summary>Formats cases for failure messages: every character is visible, and numbers have all digits.</summary>
internal static class Show
{
    // Some cases are intentionally long.
    private const int Longest = 4_000;

    public static string Value(object? value) => Shorten(value switch
    {
        null => "null",
        string text => $"\"{Text(text).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Value))}]",
        _ => Text(value.ToString() ?? ""),
    });

    private static string Text(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text)
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\uFEFF' ? $"\\u{(int)c:X4}" : c);
        return shown.ToString();
    }

    private static string Shorten(string text) =>
        text.Length <= Longest ? text : $"{text[..Longest]}… ({text.Length} characters)";
}
