using System.Globalization;
using System.Text.RegularExpressions;

namespace Instrumentator.Properties.Reference;

/// <summary>The schemes for names that not every reader accepts, character by character as in
/// https://prometheus.io/docs/instrumenting/escaping_schemes/.</summary>
internal static partial class NaiveNames
{
    public static string OfMetric(string name, NameEscaping escaping) =>
        Of(name, escaping, PlainMetric().IsMatch(name), extra: ":");

    public static string OfLabel(string name, NameEscaping escaping) =>
        Of(name, escaping, PlainLabel().IsMatch(name), extra: "");

    /// <summary>Returns the original of a name in the values scheme, as readers restore it.</summary>
    public static string UndoValues(string escaped) => !escaped.StartsWith("U__", StringComparison.Ordinal)
        ? escaped
        : Coded().Replace(
            escaped["U__".Length..],
            code => code.Value == "__"
                ? "_"
                : char.ConvertFromUtf32(
                    int.Parse(code.Groups["hex"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));

    public static bool IsPlainMetric(string name) => PlainMetric().IsMatch(name);

    public static bool IsPlainLabel(string name) => PlainLabel().IsMatch(name);

    private static string Of(string name, NameEscaping escaping, bool isPlain, string extra) => escaping switch
    {
        NameEscaping.Underscores when !isPlain => Each(name, extra, "_", _ => "_"),
        NameEscaping.Dots when !isPlain => Each(name, extra, "__", other => other == '.' ? "_dot_" : "__"),
        NameEscaping.Values when !isPlain => "U__"
            + Each(name, extra, "__", other => "_" + other.ToString("x", CultureInfo.InvariantCulture) + "_"),
        _ => name,
    };

    private static string Each(string name, string extra, string underscore, Func<int, string> other)
    {
        var text = "";
        for (var i = 0; i < name.Length; i += char.IsSurrogatePair(name, i) ? 2 : 1)
        {
            var isUsual = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                    .Contains(name[i], StringComparison.Ordinal)
                || extra.Contains(name[i], StringComparison.Ordinal)
                || i > 0 && "0123456789".Contains(name[i], StringComparison.Ordinal);
            text += isUsual ? name[i] : name[i] == '_' ? underscore : other(char.ConvertToUtf32(name, i));
        }
        return text;
    }

    [GeneratedRegex(@"\A[a-zA-Z_:][a-zA-Z0-9_:]*\z", RegexOptions.None, 1000)]
    private static partial Regex PlainMetric();

    [GeneratedRegex(@"\A[a-zA-Z_][a-zA-Z0-9_]*\z", RegexOptions.None, 1000)]
    private static partial Regex PlainLabel();

    [GeneratedRegex("__|_(?<hex>[0-9a-f]{1,6})_", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Coded();
}
