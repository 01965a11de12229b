using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Instrumentator.Parity;

/// <summary>Values that Python and JSON read differently.</summary>
internal static class Python
{
    /// <summary>Reads upper bounds: numbers, and texts that Python's <c>float</c> accepts.</summary>
    public static ValueList<double> Bounds(JsonElement[] bounds) => ValueList.From(bounds.Select(Bound));

    /// <summary>Reads labels. Their values are the texts that Python's <c>str</c> returns.</summary>
    public static ValueList<Label> Labels(JsonObject? labels) =>
        ValueList.From((labels ?? []).Select(label => new Label(label.Key, Str(label.Value))));

    private static double Bound(JsonElement bound) => bound.ValueKind switch
    {
        JsonValueKind.Number => bound.GetDouble(),
        JsonValueKind.String => Float(bound.GetString()!),
        JsonValueKind.Object when Json.Read<Dictionary<string, string>>(bound) is { Count: 1 } text
            && text.TryGetValue("python_str", out var given) => Float(given),
        _ => throw new NotSupportedException($"{bound.GetRawText()} is no bucket bound."),
    };

    private static double Float(string text) => text.Trim().ToUpperInvariant() switch
    {
        "INF" or "+INF" or "INFINITY" or "+INFINITY" => double.PositiveInfinity,
        "-INF" or "-INFINITY" => double.NegativeInfinity,
        "NAN" => double.NaN,
        var number => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static string Str(JsonNode? value) => value?.GetValueKind() switch
    {
        null => "None",
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => Number(value.ToJsonString()),
        _ => throw new NotSupportedException($"{value.ToJsonString()} is no label value."),
    };

    // As in json.loads, a number without point and exponent is an int, which keeps its digits.
    private static string Number(string json)
    {
        if (json.IndexOfAny(['.', 'e', 'E']) < 0)
            return json;
        var text = double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture)
            .ToString("R", CultureInfo.InvariantCulture)
            .ToLowerInvariant();
        if (text.Contains("e+15", StringComparison.Ordinal))
            throw new NotSupportedException($"{json} is written otherwise in Python and in .NET.");
        return text.IndexOfAny(['.', 'e']) < 0 ? text + ".0" : text;
    }
}
