using System.Text.Json;

namespace Instrumentator.Benchmarks;

/// <summary>Reads from a response of the live page what a viewer then has.</summary>
internal static class ViewedData
{
    /// <summary>Returns the query for what is new after a response.</summary>
    /// <param name="json">The response.</param>
    /// <param name="before">The query that it answered; empty for the first one.</param>
    public static string QueryAfter(byte[] json, string before)
    {
        using var document = JsonDocument.Parse(json);
        var data = document.RootElement;
        var names = NumberIn(before, "names", 0) + data.GetProperty("names").GetArrayLength();
        var windows = new[] { "1m", "5m", "15m" }.Select(window => $"&{window}={LastOf(data, window, before)}");
        return $"?run={data.GetProperty("run").GetString()}&names={names}{string.Concat(windows)}";
    }

    private static long LastOf(JsonElement data, string window, string before) =>
        data.GetProperty("windows").TryGetProperty(window, out var sent)
            && sent.GetProperty("slots").EnumerateArray().LastOrDefault() is { ValueKind: JsonValueKind.Object } last
                ? last.GetProperty("n").GetInt64()
                : NumberIn(before, window, -1);

    private static long NumberIn(string query, string name, long otherwise) =>
        query.Split('?', '&').FirstOrDefault(one => one.StartsWith($"{name}=", StringComparison.Ordinal)) is { } found
            ? long.Parse(found[(name.Length + 1)..])
            : otherwise;
}
