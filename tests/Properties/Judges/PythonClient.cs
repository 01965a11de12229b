using System.Globalization;
using System.Text.Json;

namespace Instrumentator.Judges;

/// <summary>A line of a scrape as a reader parsed it. Labels are sorted by name.</summary>
internal sealed record ReadSample(string Name, string Labels, double Value, ReadExemplar? Exemplar = null)
{
    public static ReadSample Of(
        string name, IEnumerable<(string Name, string Value)> labels, double value, ReadExemplar? exemplar = null) =>
        new(name, Sorted(labels), value, exemplar);

    public static string Sorted(IEnumerable<(string Name, string Value)> labels) =>
        string.Join(' ', labels
            .OrderBy(label => label.Name, StringComparer.Ordinal)
            .Select(label => JsonSerializer.Serialize(new[] { label.Name, label.Value })));
}

/// <summary>An exemplar as a reader parsed it.</summary>
internal sealed record ReadExemplar(string Labels, double Value, double? Timestamp);

/// <summary>The parser of Prometheus's official Python client, as an independent check of the library's
/// output.</summary>
internal static class PythonClient
{
    public const string SkipReason = "install the Debian package python3-prometheus-client";

    // Debian's Python has the package; another Python on PATH may not have it.
    private const string Python = "/usr/bin/python3";

    private const string Program = """
        import json, sys
        from prometheus_client.parser import text_string_to_metric_families as read_text
        from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
        read = read_openmetrics if sys.argv[1] == "openmetrics" else read_text
        text = sys.stdin.buffer.read().decode("utf-8")
        number = lambda n: repr(float(n))
        time = lambda t: None if t is None else f"{t.sec}.{t.nsec:09}" if hasattr(t, "nsec") else number(t)
        exemplar = lambda e: e and [e.labels, number(e.value), time(e.timestamp)]
        print(json.dumps([[s.name, s.labels, number(s.value), exemplar(s.exemplar)] for family in read(text) for s in family.samples]))
        """;

    private static readonly Lazy<bool> _isPresent = new(() =>
        File.Exists(Python) && RunAsync("text", [], CancellationToken.None).GetAwaiter().GetResult().ExitCode == 0);

    /// <summary>Whether a property that needs the client runs: it cannot skip itself.</summary>
    public static bool IsRequiredOrPresent => Tool.IsRequired || _isPresent.Value;

    /// <summary>Skips the test where the client is missing; in CI (<c>CI=true</c>) that fails.</summary>
    public static void Require()
    {
        if (!_isPresent.Value)
            Tool.Missing("python3-prometheus-client");
    }

    /// <summary>What the parser makes of a text of Prometheus's own format.</summary>
    public static Task<ReadSample[]> ReadAsync(byte[] text, CancellationToken cancellationToken) =>
        ReadAsync("text", text, cancellationToken);

    /// <summary>What the strict parser makes of OpenMetrics.</summary>
    public static Task<ReadSample[]> ReadOpenMetricsAsync(byte[] text, CancellationToken cancellationToken) =>
        ReadAsync("openmetrics", text, cancellationToken);

    private static async Task<ReadSample[]> ReadAsync(string format, byte[] text, CancellationToken cancellationToken)
    {
        var (exitCode, output, errors) = await RunAsync(format, text, cancellationToken);
        Assert.True(exitCode == 0, errors);
        using var read = JsonDocument.Parse(output);
        return [.. read.RootElement.EnumerateArray().Select(Sample)];
    }

    private static ReadSample Sample(JsonElement sample) =>
        ReadSample.Of(sample[0].GetString()!, Labels(sample[1]), Number(sample[2].GetString()!), Exemplar(sample[3]));

    private static ReadExemplar? Exemplar(JsonElement exemplar) => exemplar.ValueKind == JsonValueKind.Null
        ? null
        : new ReadExemplar(
            ReadSample.Sorted(Labels(exemplar[0])),
            Number(exemplar[1].GetString()!),
            exemplar[2].GetString() is { } time ? Number(time) : null);

    private static IEnumerable<(string Name, string Value)> Labels(JsonElement labels) =>
        labels.EnumerateObject().Select(label => (label.Name, label.Value.GetString()!));

    private static double Number(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string format,
        byte[] text,
        CancellationToken cancellationToken
    ) => Tool.RunAsync(Python, ["-c", Program, format], text, cancellationToken);
}
