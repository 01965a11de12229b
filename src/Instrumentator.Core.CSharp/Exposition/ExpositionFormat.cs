using System.Buffers;

namespace Instrumentator;

/// <summary>A way to write a snapshot as bytes.</summary>
/// <param name="ContentType">The media type, as it stands in the <c>Content-Type</c> header.</param>
/// <param name="Write">Writes a snapshot. Pure but for the buffer it fills; safe to call from many threads.</param>
public sealed record ExpositionFormat(string ContentType, Action<Snapshot, IBufferWriter<byte>> Write)
{
    /// <summary>Prometheus's text format 0.0.4, which every reader knows.</summary>
    public static ExpositionFormat Prometheus { get; } = new("text/plain; version=0.0.4; charset=utf-8", PrometheusText.Write)
    {
        Sink = output => new TextSink(PrometheusText.Format, output),
    };

    /// <summary>The text format of OpenMetrics 1.0.0, which Prometheus asks for: units and exemplars, too.</summary>
    public static ExpositionFormat OpenMetrics { get; } = new("application/openmetrics-text; version=1.0.0; charset=utf-8", OpenMetricsText.Write)
    {
        Sink = output => new TextSink(OpenMetricsText.Format, output),
    };

    /// <summary>Every format, in the order of preference where a reader has none. The first one is for those who ask for nothing that is here.</summary>
    public static ValueList<ExpositionFormat> All { get; } = [Prometheus, OpenMetrics];

    /// <summary>Writes what it is told while it is told; null for a format that needs the snapshot.</summary>
    private Func<IBufferWriter<byte>, IScrapeSink>? Sink { get; init; }

    /// <summary>Writes all series of a registry as they are now: what a metrics endpoint answers.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Given up, when nobody waits for the answer any more.</param>
    /// <remarks>It gives what <see cref="Write"/> gives of a snapshot, without making one: memory does not grow with the number of series. Observations are never held up.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">Two that are included in the registry have families of the same name.</exception>
    /// <example><code>await ExpositionFormat.Prometheus.WriteAsync(Registry.Default, PipeWriter.Create(file));</code></example>
    public ValueTask WriteAsync(Registry registry, IBufferWriter<byte> output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(output);
        return Sink is { } sink ? registry.TellToAsync(sink(output), cancellation) : WriteSnapshotAsync(registry, output, cancellation);
    }

    private async ValueTask WriteSnapshotAsync(Registry registry, IBufferWriter<byte> output, CancellationToken cancellation) =>
        Write(await registry.ScrapeAsync(cancellation).ConfigureAwait(false), output);
}
