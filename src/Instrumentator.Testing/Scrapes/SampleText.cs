using System.Globalization;

namespace Instrumentator.Testing;

/// <summary>Human-readable text of samples.</summary>
internal static class SampleText
{
    /// <summary>Returns <c>name{label="value"}</c>; names that need quotes are quoted.</summary>
    public static string Series(string name, IEnumerable<Label> labels)
    {
        var pairs = labels.Select(label => $"{Name(label.Name, colons: false)}={Quoted(label.Value)}");
        var inBraces = string.Join(',', IsPlain(name, colons: true) ? pairs : pairs.Prepend(Quoted(name)));
        return (IsPlain(name, colons: true) ? name : "") + (inBraces.Length > 0 ? $"{{{inBraces}}}" : "");
    }

    public static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
            : double.IsNegativeInfinity(value) ? "-Inf"
            : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Returns a name, quoted if it has characters that names without quotes cannot have.</summary>
    public static string Name(string? name, bool colons) => IsPlain(name, colons) ? name! : Quoted(name);

    public static string Escaped(string? text) =>
        (text ?? "")
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Quoted(string? text) => $"\"{Escaped(text)}\"";

    private static bool IsPlain(string? name, bool colons) =>
        !string.IsNullOrEmpty(name)
            && !char.IsAsciiDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || colons && c == ':');
}
