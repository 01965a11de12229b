using System.Text.Json;

namespace Instrumentator.Benchmarks;

/// <summary>Formats rows as JSON.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Of(IEnumerable<Row> rows) =>
        JsonSerializer.Serialize(
            rows.Select(row => new
            {
                row.Name,
                row.Threads,
                Ns = Rounded(row.Ns),
                Ratio = Rounded(row.Ratio),
                Bytes = Rounded(row.Bytes),
            }),
            _options);

    private static double Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 3) : 0;
}
