using System.Buffers;
using System.Globalization;
using System.Text;
using Prometheus;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>The text of a scrape, for comparison with a scrape that the other library wrote.</summary>
internal sealed class Scrape(string text)
{
    // Each library has its own help texts.
    private readonly string[] _lines =
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("# HELP ", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Gets every line except help texts, sorted.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>
    /// Gets the lines without measured durations: families with their types, and series with their labels in order and
    /// their values. Two clocks never measure the same duration, so the values of sums and of buckets are left out. The
    /// value of the bucket <c>+Inf</c> stays, because it counts all requests.
    /// </summary>
    public string[] Counted => [.. _lines.Select(Mask).Order(StringComparer.Ordinal)];

    /// <summary>Gets the values that <see cref="Counted"/> leaves out: the buckets and sums of each series.</summary>
    public IReadOnlyDictionary<string, double> Durations => _lines
        .Where(line => Mask(line) != line)
        .ToDictionary(
            line => line[..line.LastIndexOf(' ')],
            line => double.Parse(line[line.LastIndexOf(' ')..], CultureInfo.InvariantCulture),
            StringComparer.Ordinal);

    /// <summary>Returns the series of a family, one line each: the label values, with <c>-</c> for an empty one, and
    /// the value.</summary>
    public string[] Values(string family) =>
    [
        .. _lines.Where(line => line.StartsWith(family + "{", StringComparison.Ordinal))
            .Select(line =>
                string.Join(' ', line.Split('"')
                    .Where((_, i) => i % 2 == 1)
                    .Select(value => value.Length == 0 ? "-" : value))
                + line[line.LastIndexOf(' ')..])
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
        line.Contains("_seconds_sum{", StringComparison.Ordinal)
            || (line.Contains("_seconds_bucket{", StringComparison.Ordinal)
                && !line.Contains("le=\"+Inf\"", StringComparison.Ordinal))
            ? line[..line.LastIndexOf(' ')]
            : line;
}
