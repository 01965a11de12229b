using System.Text.Json;

namespace Instrumentator.Tests;

/// <summary>What a page knows: it asks for what is new, and puts it together with what it has.</summary>
internal sealed class Viewer(LiveApp app)
{
    private readonly List<string> _names = [];
    private readonly List<string?> _handlers = [];
    private readonly List<string> _rows = [];
    private readonly List<string> _families = [];
    private readonly List<string> _series = [];
    private string? _run;

    public Dictionary<string, List<JsonElement>> Slots { get; } = new(StringComparer.Ordinal)
    {
        ["1m"] = [],
        ["5m"] = [],
        ["15m"] = [],
    };

    /// <summary>All names in order, as text.</summary>
    public IReadOnlyList<string> Names => _names;

    public JsonElement Last { get; private set; }

    public static async Task<Viewer> OpenAsync(LiveApp app)
    {
        var viewer = new Viewer(app);
        await viewer.RefreshAsync();
        return viewer;
    }

    public async Task RefreshAsync()
    {
        var wanted = Slots.Select(window => $"{window.Key}={NumberOf(window.Value)}");
        Last = await app.DataAsync($"?run={_run}&names={_names.Count}&{string.Join('&', wanted)}");
        _run = Last.GetProperty("run").GetString();
        foreach (var name in Last.GetProperty("names").EnumerateArray())
            Add(name);
        foreach (var (name, slots) in Slots)
            slots.AddRange(Last.GetProperty("windows").GetProperty(name).GetProperty("slots").EnumerateArray());
    }

    /// <summary>The rows of a slot: <c>GET /h1/{id}</c> and its numbers.</summary>
    public Dictionary<string, double[]> RowsOf(JsonElement slot) => slot
        .GetProperty("rows")
        .EnumerateArray()
        .ToDictionary(
            row => _rows[row[0].GetInt32()],
            row => row.EnumerateArray().Skip(1).Take(5).Select(number => number.GetDouble()).ToArray(),
            StringComparer.Ordinal);

    /// <summary>The value or count of each series of the app's own in a slot.</summary>
    public Dictionary<string, double> OwnOf(JsonElement slot) => slot.GetProperty("own").EnumerateArray().ToDictionary(
        one => _series[one[0].GetInt32()], one => NumberOf(one[1]), StringComparer.Ordinal);

    /// <summary>The sum of a number over all slots of a window.</summary>
    public double Sum(string window, string number) =>
        Slots[window].Sum(slot => slot.GetProperty(number).GetDouble());

    /// <summary>The sum of a column over all slots of a window, by row.</summary>
    public Dictionary<string, double> SumByRow(string window, int column) => Slots[window]
        .SelectMany(RowsOf)
        .GroupBy(row => row.Key, StringComparer.Ordinal)
        .ToDictionary(row => row.Key, row => row.Sum(one => one.Value[column]), StringComparer.Ordinal);

    private static long NumberOf(List<JsonElement> slots) =>
        slots is [.., var last] ? last.GetProperty("n").GetInt64() : -1;

    private static double NumberOf(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? double.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
        : value.GetDouble();

    private void Add(JsonElement name)
    {
        _names.Add(name.GetRawText());
        var kind = name.EnumerateObject().Single();
        switch (kind.Name)
        {
            case "handler":
                _handlers.Add(kind.Value.GetString());
                break;
            case "row":
                _rows.Add($"{kind.Value[1].GetString()} {_handlers[kind.Value[0].GetInt32()] ?? "(others)"}");
                break;
            case "family":
                _families.Add(kind.Value.GetProperty("name").GetString()!);
                break;
            default:
                var labels = kind.Value[1].EnumerateArray().Select(label => label.GetString());
                _series.Add($"{_families[kind.Value[0].GetInt32()]}({string.Join(',', labels)})");
                break;
        }
    }
}
