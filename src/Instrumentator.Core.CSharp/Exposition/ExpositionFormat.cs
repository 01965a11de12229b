using System.Buffers;

namespace Instrumentator;

/// <summary>A way to write a snapshot as bytes.</summary>
/// <param name="ContentType">The media type, as it stands in the <c>Content-Type</c> header.</param>
/// <param name="Write">Writes a snapshot. Pure but for the buffer it fills; safe to call from many threads.</param>
public sealed record ExpositionFormat(string ContentType, Action<Snapshot, IBufferWriter<byte>> Write)
{
    /// <summary>Prometheus's text format 0.0.4, which every reader knows.</summary>
    public static ExpositionFormat Prometheus { get; } = new("text/plain; version=0.0.4; charset=utf-8", PrometheusText.Write);

    /// <summary>The text format of OpenMetrics 1.0.0, which Prometheus asks for: units and exemplars, too.</summary>
    public static ExpositionFormat OpenMetrics { get; } = new("application/openmetrics-text; version=1.0.0; charset=utf-8", OpenMetricsText.Write);

    /// <summary>Every format, in the order of preference where a reader has none. The first one is for those who ask for nothing that is here.</summary>
    public static ValueList<ExpositionFormat> All { get; } = [Prometheus, OpenMetrics];
}
