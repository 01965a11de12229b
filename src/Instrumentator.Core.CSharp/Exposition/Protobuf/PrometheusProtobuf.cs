using System.Buffers;

namespace Instrumentator;

/// <summary>Writes Prometheus's protobuf format: each family as a message <c>io.prometheus.client.MetricFamily</c> behind its length.</summary>
/// <remarks>
/// See https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto. It is the one format with native histograms. Names are as in <see cref="PrometheusText"/>;
/// a name that ends in a base unit has a unit. Exemplars are left out that no reader may take, as in <see cref="OpenMetricsText"/>.
/// </remarks>
/// <example><code>PrometheusProtobuf.Write(Registry.Default.Scrape(), buffer);</code></example>
public static class PrometheusProtobuf
{
    /// <summary>Writes a snapshot. Pure but for the buffer it fills; safe to call from many threads.</summary>
    /// <param name="snapshot">What is written.</param>
    /// <param name="output">Where to.</param>
    /// <param name="escaping">How names are written that are not of letters, digits and <c>_</c> alone.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void Write(Snapshot snapshot, IBufferWriter<byte> output, NameEscaping escaping = NameEscaping.Underscores)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(output);
        snapshot.WriteTo(EscapingScrapeWriter.Of(new ProtobufScrapeWriter(output), escaping));
    }
}
