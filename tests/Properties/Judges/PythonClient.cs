using System.Globalization;
using System.Text.Json;

namespace Instrumentator.Judges;

/// <summary>A line of a scrape as a reader understood it. Labels are sorted by name.</summary>
internal sealed record ReadSample(string Name, string Labels, double Value)
{
    public static ReadSample Of(string name, IEnumerable<(string Name, string Value)> labels, double value) =>
        new(name, string.Join(' ', labels.OrderBy(label => label.Name, StringComparer.Ordinal).Select(label => JsonSerializer.Serialize(new[] { label.Name, label.Value }))), value);
}

/// <summary>The parser of Prometheus's official Python client, as an outside judge of what we write.</summary>
internal static class PythonClient
{
    // Debian's own Python has the package; another one on PATH may not.
    private const string Python = "/usr/bin/python3";

    private const string Program = """
        import json, sys
        from prometheus_client.parser import text_string_to_metric_families as read
        text = sys.stdin.buffer.read().decode("utf-8")
        print(json.dumps([[s.name, s.labels, repr(float(s.value))] for family in read(text) for s in family.samples]))
        """;

    /// <summary>Skips the test where the client is missing; in CI (<c>CI=true</c>) that fails.</summary>
    public static async Task Require(CancellationToken cancellation)
    {
        if (!File.Exists(Python) || await RunAsync([], cancellation) is not { ExitCode: 0 })
            Tool.Missing("python3-prometheus-client");
    }

    /// <summary>What the parser makes of the text.</summary>
    public static async Task<ReadSample[]> ReadAsync(byte[] text, CancellationToken cancellation)
    {
        var (exitCode, output, errors) = await RunAsync(text, cancellation);
        Assert.True(exitCode == 0, errors);
        using var read = JsonDocument.Parse(output);
        return [.. read.RootElement.EnumerateArray().Select(Sample)];
    }

    private static ReadSample Sample(JsonElement sample) => ReadSample.Of(
        sample[0].GetString()!, sample[1].EnumerateObject().Select(label => (label.Name, label.Value.GetString()!)), Number(sample[2].GetString()!));

    private static double Number(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync(byte[] text, CancellationToken cancellation) =>
        Tool.RunAsync(Python, ["-c", Program], text, cancellation);
}
