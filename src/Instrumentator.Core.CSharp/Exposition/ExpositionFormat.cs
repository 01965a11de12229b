using System.Buffers;

namespace Instrumentator;

/// <summary>A way to write a scrape as bytes. Immutable; safe for use by many threads.</summary>
public sealed class ExpositionFormat
{
    private readonly Func<IBufferWriter<byte>, IScrapeWriter> _createWriter;
    private readonly string _mediaType;

    // By scheme: itself in other names. None for one that has no place for them.
    private readonly ExpositionFormat?[] _byEscaping;

    private ExpositionFormat(string mediaType, Func<IBufferWriter<byte>, IScrapeWriter> createWriter, params NameEscaping[] escapings)
    {
        (_mediaType, ContentType, _createWriter, _byEscaping) = (mediaType, mediaType, createWriter, new ExpositionFormat?[Enum.GetValues<NameEscaping>().Length]);
        foreach (var escaping in escapings)
            _byEscaping[(int)escaping] = new ExpositionFormat(this, escaping);
    }

    private ExpositionFormat(ExpositionFormat format, NameEscaping escaping)
    {
        (_mediaType, _createWriter, _byEscaping, Escaping) = (format._mediaType, format._createWriter, format._byEscaping, escaping);
        ContentType = $"{_mediaType}; escaping={EscapedName.ParameterOf(escaping)}";
    }

    /// <summary>Prometheus's text format 0.0.4, which every reader knows.</summary>
    public static ExpositionFormat Prometheus { get; } = new(
        "text/plain; version=0.0.4; charset=utf-8", output => new TextScrapeWriter(PrometheusText.Format, output), NameEscaping.Underscores, NameEscaping.Dots, NameEscaping.Values);

    /// <summary>Prometheus's text format 1.0.0: the same, and it has a place for names of any text.</summary>
    public static ExpositionFormat PrometheusUtf8 { get; } = new ExpositionFormat(
        "text/plain; version=1.0.0; charset=utf-8", output => new TextScrapeWriter(PrometheusText.Format, output), Enum.GetValues<NameEscaping>()).With(NameEscaping.Underscores);

    /// <summary>The text format of OpenMetrics 1.0.0, which Prometheus asks for: units and exemplars, too.</summary>
    public static ExpositionFormat OpenMetrics { get; } = new(
        "application/openmetrics-text; version=1.0.0; charset=utf-8", output => new TextScrapeWriter(OpenMetricsText.Format, output), Enum.GetValues<NameEscaping>());

    /// <summary>Prometheus's protobuf format, which it asks for to get native histograms.</summary>
    public static ExpositionFormat Protobuf { get; } = new(
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited", output => new ProtobufScrapeWriter(output), Enum.GetValues<NameEscaping>());

    /// <summary>Every format, in the order of preference where a reader has none. The first one is for those who ask for nothing that is here.</summary>
    public static ValueList<ExpositionFormat> All { get; } = [Prometheus, PrometheusUtf8, OpenMetrics, Protobuf];

    /// <summary>The media type, as it stands in the <c>Content-Type</c> header.</summary>
    public string ContentType { get; }

    /// <summary>How it writes names that not every reader can take.</summary>
    /// <value><see cref="NameEscaping.Underscores"/>, unless <see cref="With"/> says otherwise.</value>
    public NameEscaping Escaping { get; }

    /// <summary>The same format for a reader that asks for names to be written in a certain way, which its <see cref="ContentType"/> then tells.</summary>
    /// <param name="escaping">How. Text 0.0.4 has no place for names as they are, and stays as it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such scheme.</exception>
    public ExpositionFormat With(NameEscaping escaping)
    {
        if ((uint)escaping >= (uint)_byEscaping.Length)
            throw new ArgumentOutOfRangeException(nameof(escaping), escaping, "There is no such scheme: use a value of NameEscaping.");
        return _byEscaping[(int)escaping] ?? this;
    }

    /// <summary>Writes a snapshot. Pure but for the buffer it fills.</summary>
    /// <param name="snapshot">What is written.</param>
    /// <param name="output">Where to.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public void Write(Snapshot snapshot, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        snapshot.WriteTo(WriterTo(output));
    }

    /// <summary>Writes all series of a registry as they are now: what a metrics endpoint answers.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Given up, when nobody waits for the answer any more.</param>
    /// <remarks>It gives what <see cref="Write"/> gives of a snapshot, without making one: memory does not grow with the number of series. Observations are never held up.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">Two that are included in the registry have families of the same name.</exception>
    /// <example><code>await ExpositionFormat.Prometheus.WriteAsync(Registry.Default, PipeWriter.Create(file));</code></example>
    public ValueTask WriteAsync(Registry registry, IBufferWriter<byte> output, CancellationToken cancellation = default) => WriteAsync(registry, output, null, cancellation);

    /// <summary>Writes some of the families of a registry.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="output">Where to.</param>
    /// <param name="names">Their names, or names of their samples, <c>http_requests_total</c> or <c>http_request_duration_seconds_bucket</c>; null for all. A family is written whole.</param>
    /// <param name="cancellation">Given up, when nobody waits for the answer any more.</param>
    /// <inheritdoc cref="WriteAsync(Registry, IBufferWriter{byte}, CancellationToken)"/>
    public ValueTask WriteAsync(Registry registry, IBufferWriter<byte> output, IReadOnlySet<string>? names, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        var writer = WriterTo(output);
        return registry.WriteToAsync(names is null ? writer : new ChosenFamilies(writer, names), cancellation);
    }

    /// <summary>Its <see cref="ContentType"/>.</summary>
    public override string ToString() => ContentType;

    private IScrapeWriter WriterTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return EscapingScrapeWriter.Of(_createWriter(output), Escaping);
    }
}
