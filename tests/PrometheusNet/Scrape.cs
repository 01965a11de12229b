using System.Buffers;
using System.Globalization;
using System.Text;
using Prometheus;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>The text of a scrape, to be compared with another one that was written by other code.</summary>
internal sealed class Scrape(string text)
{
    // Help texts are each one's own.
    private readonly string[] _lines = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("# HELP ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Every line but help texts, in order.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>
    /// Families with their types, series with their labels in their order, and values: all but how long requests took. Two clocks
    /// never say the same of one request, so sums are left out, and of buckets how many fell into them; that all did is the last one's value.
    /// </summary>
    public string[] Counted => [.. _lines.Select(Mask).Order(StringComparer.Ordinal)];

    /// <summary>What <see cref="Counted"/> leaves out: the buckets and sums of each series.</summary>
    public IReadOnlyDictionary<string, double> Durations => _lines.Where(line => Mask(line) != line)
        .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[line.LastIndexOf(' ')..], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>The series of a family, a line each: its labels' values, <c>-</c> for an empty one, and its value.</summary>
    public string[] Values(string family) =>
    [
        .. _lines.Where(line => line.StartsWith(family + "{", StringComparison.Ordinal))
            .Select(line => string.Join(' ', line.Split('"').Where((_, i) => i % 2 == 1).Select(value => value.Length == 0 ? "-" : value)) + line[line.LastIndexOf(' ')..])
            .Order(StringComparer.Ordinal),
    ];

    public static Scrape Of(Registry registry)
    {
        var text = new ArrayBufferWriter<byte>();
        ExpositionFormat.Prometheus.Write(registry.Scrape(), text);
        return new Scrape(Encoding.UTF8.GetString(text.WrittenSpan));
    }

    public static async Task<Scrape> OfAsync(CollectorRegistry collectors)
    {
        using var text = new MemoryStream();
        await collectors.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return new Scrape(Encoding.UTF8.GetString(text.ToArray()));
    }

    private static string Mask(string line) =>
        line.Contains("_seconds_sum{", StringComparison.Ordinal) || (line.Contains("_seconds_bucket{", StringComparison.Ordinal) && !line.Contains("le=\"+Inf\"", StringComparison.Ordinal))
            ? line[..line.LastIndexOf(' ')]
            : line;
}
