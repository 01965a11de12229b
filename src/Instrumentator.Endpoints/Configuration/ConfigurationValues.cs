using System.Globalization;

namespace Instrumentator;

/// <summary>The kinds of plain values, which read texts as .NET's configuration binder does: culture-invariant, and
/// ignoring case.</summary>
internal static class ConfigurationValues
{
    private const string WholeNumber = "a whole number up to 2147483647";

    public static ConfigurationValue<bool> Flag { get; } =
        new ScalarValue<bool>("true or false", """{ "type": "boolean" }""", bool.TryParse);

    public static ConfigurationValue<int> Integer { get; } =
        new ScalarValue<int>(WholeNumber, """{ "type": "integer" }""", TryParseInt32);

    // The binder reads an empty text, which the environment may have, as null.
    public static ConfigurationValue<int?> OptionalInteger { get; } =
        new ScalarValue<int?>(
            WholeNumber + ", or null",
            """{ "type": ["integer", "null"] }""",
            (string text, out int? value) =>
            {
                var isNumber = TryParseInt32(text, out var number);
                value = isNumber ? number : null;
                return isNumber || text.Length == 0;
            },
            isNullable: true);

    public static ConfigurationValue<long> LongInteger { get; } =
        new ScalarValue<long>(
            "a whole number",
            """{ "type": "integer" }""",
            (text, out value) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value));

    public static ConfigurationValue<double> Number { get; } =
        new ScalarValue<double>(
            "a number, such as 0.25",
            """{ "type": "number" }""",
            (text, out value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value));

    public static ConfigurationValue<string> Text { get; } =
        new ScalarValue<string>("a text", """{ "type": "string" }""", IsText);

    public static ConfigurationValue<string?> OptionalText { get; } =
        new ScalarValue<string?>("a text or null", """{ "type": ["string", "null"] }""", IsText, isNullable: true);

    /// <summary>A time. Unlike the binder's, a number alone is an error: it would be days.</summary>
    public static ConfigurationValue<TimeSpan> Time { get; } =
        new ScalarValue<TimeSpan>(
            "a time as hours:minutes:seconds, such as \"00:00:05\" for 5 seconds",
            """{ "type": "string", "pattern": "^\\s*-?(\\d+\\.)?\\d{1,2}:\\d{1,2}(:\\d{1,2}(\\.\\d{1,7})?)?\\s*$" }""",
            (text, out value) =>
                TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value)
                && text.Contains(':', StringComparison.Ordinal));

    public static ConfigurationValue<ValueList<string>> TextList { get; } = new ListValue<string>(Text);

    public static ConfigurationValue<ValueList<double>> NumberList { get; } = new ListValue<double>(Number);

    /// <summary>Returns the kind of a value that is one of an enumeration's names.</summary>
    public static ConfigurationValue<T> Choice<T>()
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        return new ScalarValue<T>(
            ConfigurationErrors.OneOf(names),
            $$"""{ "enum": [{{string.Join(", ", names.Select(name => $"\"{name}\""))}}] }""",
            (text, out value) =>
                Enum.TryParse(text.Trim(), ignoreCase: true, out value)
                && names.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase));
    }

    private static bool TryParseInt32(string text, out int value) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value);

    private static bool IsText(string text, out string value)
    {
        value = text;
        return true;
    }
}
