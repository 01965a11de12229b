using System.Text;
using Prometheus;

namespace Instrumentator.Benchmarks;

/// <summary>Exports a registry as text with prometheus-net itself.</summary>
internal static class PrometheusNetText
{
    public static void Write(CollectorRegistry collectors, Stream target)
    {
        if (!collectors.CollectAndExportAsTextAsync(target).IsCompletedSuccessfully)
            throw new InvalidOperationException("An export to memory failed, or had to wait.");
    }

    /// <summary>Returns the sample lines of a scrape.</summary>
    public static string[] Samples(CollectorRegistry collectors)
    {
        using var text = new MemoryStream();
        Write(collectors, text);
        return SampleLines.Of(Encoding.UTF8.GetString(text.ToArray()));
    }
}
