using System.Globalization;
using System.Text;

namespace Instrumentator;

/// <summary>The escaped names of metrics and labels.</summary>
/// <remarks>
/// See https://prometheus.io/docs/instrumenting/escaping_schemes/. Where that page and Prometheus's own library
/// differ, this class follows the library (https://github.com/prometheus/common/blob/main/model/metric.go), so that a
/// name is the same whatever its source: a name that every reader accepts stays unchanged, hexadecimal digits are
/// lowercase, and in the scheme <c>dots</c> invalid characters other than dots become two underscores.
/// </remarks>
internal static class EscapedName
{
    public static string OfMetric(string name, NameEscaping escaping) => Of(name, escaping, colons: true);

    public static string OfLabel(string name, NameEscaping escaping) => Of(name, escaping, colons: false);

    public static NameEscaping? SchemeOf(ReadOnlySpan<char> parameter) => parameter switch
    {
        "underscores" => NameEscaping.Underscores,
        "dots" => NameEscaping.Dots,
        "values" => NameEscaping.Values,
        "allow-utf-8" => NameEscaping.AllowUtf8,
        _ => null,
    };

    public static string ParameterOf(NameEscaping escaping) => escaping switch
    {
        NameEscaping.Underscores => "underscores",
        NameEscaping.Dots => "dots",
        NameEscaping.Values => "values",
        NameEscaping.AllowUtf8 => "allow-utf-8",
        _ => throw new ArgumentOutOfRangeException(
            nameof(escaping), escaping, "The scheme is not a value of NameEscaping."),
    };

    private static string Of(string name, NameEscaping escaping, bool colons)
    {
        if (escaping == NameEscaping.AllowUtf8 || Names.IsName(name, colons))
            return name;
        var escaped = new StringBuilder(escaping == NameEscaping.Values ? "U__" : "");
        var isFirst = true;
        foreach (var character in name.EnumerateRunes())
        {
            Append(escaped, character, escaping, Names.IsOfName(character, isFirst, colons));
            isFirst = false;
        }
        return escaped.ToString();
    }

    private static void Append(StringBuilder escaped, Rune character, NameEscaping escaping, bool isOfName)
    {
        if (isOfName && (character.Value != '_' || escaping == NameEscaping.Underscores))
            escaped.Append((char)character.Value);
        else if (isOfName)
            escaped.Append("__");
        else
            escaped.Append(Foreign(character, escaping));
    }

    private static string Foreign(Rune character, NameEscaping escaping) => escaping switch
    {
        NameEscaping.Values => string.Create(CultureInfo.InvariantCulture, $"_{character.Value:x}_"),
        NameEscaping.Dots => character.Value == '.' ? "_dot_" : "__",
        _ => "_",
    };
}
