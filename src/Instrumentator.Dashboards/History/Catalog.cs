using System.Text.Json;

namespace Instrumentator;

/// <summary>The names of handlers, rows, families and series: a list that only grows, so that a viewer needs just what
/// is new to it.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class Catalog
{
    private readonly Lock _lock = new();
    private readonly List<byte[]> _entries = [];

    /// <summary>Returns the entries after the first ones, which a viewer has.</summary>
    public byte[][] After(int known)
    {
        lock (_lock)
            return [.. _entries.Skip(known)];
    }

    /// <summary>Adds a handler; null stands for all further ones.</summary>
    public void AddHandler(string? handler) => Add(json => json.WriteString("handler", handler));

    public void AddRow(int handler, string? method) => Add(json =>
    {
        json.WriteStartArray("row");
        json.WriteNumberValue(handler);
        json.WriteStringValue(method);
        json.WriteEndArray();
    });

    public void AddFamily(FamilyDefinition family) => Add(json =>
    {
        json.WriteStartObject("family");
        json.WriteString("name", family.Name);
        json.WriteString("help", family.Help);
        json.WriteString("kind", KindOf(family.Kind));
        json.WriteStrings("labels", family.LabelNames);
        json.WriteNumbers("bounds", LatencyBounds.Of(family).Upper);
        json.WriteEndObject();
    });

    public void AddSeries(int family, ValueList<string> labels) => Add(json =>
    {
        json.WriteStartArray("series");
        json.WriteNumberValue(family);
        json.WriteStartArray();
        foreach (var value in labels.Span)
            json.WriteStringValue(value);
        json.WriteEndArray();
        json.WriteEndArray();
    });

    private void Add(Action<Utf8JsonWriter> write)
    {
        var entry = Json.Object(write);
        lock (_lock)
            _entries.Add(entry);
    }

    private static string KindOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        MetricKind.Histogram => "histogram",
        _ => "summary",
    };
}
