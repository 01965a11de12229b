using System.Text;
using Prometheus;

namespace Instrumentator.Benchmarks.PrometheusNet;

/// <summary>Exports a registry as text with prometheus-net itself.</summary>
internal static class Export
{
    public static void Write(CollectorRegistry collectors, Stream target)
    {
        if (!collectors.CollectAndExportAsTextAsync(target).IsCompletedSuccessfully)
            throw new InvalidOperationException("An export to memory failed, or had to wait.");
    }

    /// <summary>Returns the sample lines of a scrape, without comments.</summary>
    public static string[] Samples(CollectorRegistry collectors)
    {
        using var text = new MemoryStream();
        Write(collectors, text);
        return Samples(Encoding.UTF8.GetString(text.ToArray()));
    }

    public static string[] Samples(string scrape) =>
        [.. scrape.Split('\n').Where(line => line is not ("" or ['#', ..]))];
}
