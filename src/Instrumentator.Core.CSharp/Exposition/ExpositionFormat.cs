using System.Buffers;

namespace Instrumentator;

/// <summary>A way to write a snapshot as bytes.</summary>
/// <param name="ContentType">The media type, as it stands in the <c>Content-Type</c> header.</param>
/// <param name="Write">Writes a snapshot. Pure but for the buffer it fills; safe to call from many threads.</param>
public sealed record ExpositionFormat(string ContentType, Action<Snapshot, IBufferWriter<byte>> Write)
{
    /// <summary>Prometheus's text format 0.0.4, which every reader knows.</summary>
    public static ExpositionFormat Prometheus { get; } = new("text/plain; version=0.0.4; charset=utf-8", PrometheusText.Write);
}
