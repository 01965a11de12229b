using System.Buffers;
using System.Text;

namespace Instrumentator;

/// <summary>An exposition format, in which scrapes are written.</summary>
/// <remarks>Immutable. Safe for use by many threads.</remarks>
public sealed class ExpositionFormat
{
    private const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static readonly NameEscaping[] _withoutUtf8 =
        [NameEscaping.Underscores, NameEscaping.Dots, NameEscaping.Values];

    private readonly Func<IBufferWriter<byte>, ScrapeSize, IScrapeWriter> _createWriter;
    private readonly string _mediaType;

    // The same format for each escaping scheme; null for schemes that the format does not support.
    private readonly ExpositionFormat?[] _byEscaping;

    // The same format with _created samples; null if the format has none, or has them already.
    private readonly ExpositionFormat? _withCreated;

    private ExpositionFormat(
        string mediaType,
        Func<IBufferWriter<byte>, ScrapeSize, IScrapeWriter> createWriter,
        NameEscaping[] escapings,
        ExpositionFormat? withCreated = null)
    {
        (_mediaType, ContentType, _createWriter) = (mediaType, mediaType, createWriter);
        _withCreated = withCreated;
        _byEscaping = new ExpositionFormat?[Enum.GetValues<NameEscaping>().Length];
        foreach (var escaping in escapings)
            _byEscaping[(int)escaping] = new ExpositionFormat(this, escaping);
    }

    private ExpositionFormat(ExpositionFormat format, NameEscaping escaping)
    {
        (_mediaType, _createWriter, _byEscaping) = (format._mediaType, format._createWriter, format._byEscaping);
        (Escaping, _withCreated) = (escaping, format._withCreated?._byEscaping[(int)escaping]);
        ContentType = $"{_mediaType}; escaping={EscapedName.ParameterOf(escaping)}";
    }

    /// <summary>Gets Prometheus's text format 0.0.4, which every reader accepts.</summary>
    public static ExpositionFormat Prometheus { get; } = new(
        "text/plain; version=0.0.4; charset=utf-8",
        (output, size) => new TextScrapeWriter(PrometheusText.Format, output, size),
        _withoutUtf8);

    /// <summary>Gets Prometheus's text format 1.0.0, which also allows UTF-8 names.</summary>
    public static ExpositionFormat PrometheusUtf8 { get; } = new ExpositionFormat(
        "text/plain; version=1.0.0; charset=utf-8",
        (output, size) => new TextScrapeWriter(PrometheusText.Format, output, size),
        Enum.GetValues<NameEscaping>()).With(NameEscaping.Underscores);

    /// <summary>Gets the text format of OpenMetrics 1.0.0, which Prometheus requests. It has units and
    /// exemplars.</summary>
    public static ExpositionFormat OpenMetrics { get; } = new(
        OpenMetricsType,
        (output, size) => new TextScrapeWriter(OpenMetricsText.Format, output, size),
        Enum.GetValues<NameEscaping>(),
        withCreated: new(
            OpenMetricsType,
            (output, size) => new TextScrapeWriter(OpenMetricsText.WithCreated, output, size),
            Enum.GetValues<NameEscaping>()));

    /// <summary>Gets Prometheus's protobuf format, which it requests to get native histograms.</summary>
    public static ExpositionFormat Protobuf { get; } = new(
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
        (output, size) => new ProtobufScrapeWriter(output, size),
        Enum.GetValues<NameEscaping>());

    /// <summary>Gets all formats, in the order of preference for readers that have none. The first one is the
    /// default.</summary>
    public static ValueList<ExpositionFormat> All { get; } = [Prometheus, PrometheusUtf8, OpenMetrics, Protobuf];

    /// <summary>Gets the media type, as in the <c>Content-Type</c> header.</summary>
    public string ContentType { get; }

    /// <summary>Gets the escaping of names that not every reader accepts.</summary>
    /// <value><see cref="NameEscaping.Underscores"/>, unless <see cref="With"/> selected another one.</value>
    public NameEscaping Escaping { get; }

    /// <summary>Returns the same format with another escaping of names, which its <see cref="ContentType"/>
    /// includes.</summary>
    /// <param name="escaping">The escaping. Text 0.0.4 does not support <see cref="NameEscaping.AllowUtf8"/> and is
    /// returned unchanged.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public ExpositionFormat With(NameEscaping escaping)
    {
        if ((uint)escaping >= (uint)_byEscaping.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(escaping), escaping, "The scheme is not a value of NameEscaping.");
        }
        return _byEscaping[(int)escaping] ?? this;
    }

    /// <summary>Returns the same format with a sample for the start time of each counter, histogram and summary, for
    /// example <c>http_requests_created</c>, in seconds since 1970 (UTC).</summary>
    /// <returns>The format; unchanged unless it is <see cref="OpenMetrics"/>. <see cref="Protobuf"/> has the start
    /// times in any case, and the text formats of Prometheus cannot have them.</returns>
    /// <remarks>Off by default: a Prometheus server before 3.0, or one without the feature flag
    /// <c>created-timestamp-zero-ingestion</c>, stores such samples as further series.</remarks>
    /// <example><code>
    /// ExpositionFormat.OpenMetrics.WithCreatedSamples().ToText(Registry.Default.Scrape())
    /// </code></example>
    public ExpositionFormat WithCreatedSamples() => _withCreated ?? this;

    /// <summary>Returns a snapshot as text, for people and for tests.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <exception cref="ArgumentNullException"><paramref name="snapshot"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The format is <see cref="Protobuf"/>, which is not text.</exception>
    /// <example><code>ExpositionFormat.OpenMetrics.ToText(Registry.Default.Scrape())</code></example>
    public string ToText(Snapshot snapshot)
    {
        if (!IsText)
            throw new InvalidOperationException("The protobuf format is binary. Use Write, or a text format.");
        var buffer = new ArrayBufferWriter<byte>();
        Write(snapshot, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="output">The buffer to write to.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public void Write(Snapshot snapshot, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        snapshot.WriteTo(CreateWriter(output, new ScrapeSize()));
    }

    /// <summary>Writes all series of a registry with their current values, as the metrics endpoint does.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="output">The buffer to write to.</param>
    /// <param name="cancellationToken">Canceled when the result is no longer needed.</param>
    /// <remarks>The result is that of <see cref="Write"/>, but no snapshot is made, so memory does not grow with the
    /// number of series. Observations never wait.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">Two collectors have families of the same name.</exception>
    /// <example><code>
    /// await ExpositionFormat.Prometheus.WriteAsync(Registry.Default, PipeWriter.Create(file));
    /// </code></example>
    public ValueTask WriteAsync(
        Registry registry, IBufferWriter<byte> output, CancellationToken cancellationToken = default) =>
        WriteAsync(registry, output, null, cancellationToken);

    /// <summary>Writes some of the families of a registry.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="output">The buffer to write to.</param>
    /// <param name="names">Names of families or of their samples, for example <c>http_requests_total</c> or
    /// <c>http_request_duration_seconds_bucket</c>; null for all. Families are always written in full.</param>
    /// <param name="cancellationToken">Canceled when the result is no longer needed.</param>
    /// <inheritdoc cref="WriteAsync(Registry, IBufferWriter{byte}, CancellationToken)"/>
    public ValueTask WriteAsync(
        Registry registry,
        IBufferWriter<byte> output,
        IReadOnlySet<string>? names,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.WriteToAsync(CreateWriter(output, names, new ScrapeSize()), cancellationToken);
    }

    /// <summary>Does the same for the metrics endpoint, with each included collector on a thread of its own.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="output">The buffer to write to.</param>
    /// <param name="names">The names; null for all families.</param>
    /// <param name="size">The limit of the scrape's size.</param>
    /// <param name="ready">Called when all is collected, before the first byte.</param>
    /// <param name="cancellationToken">Canceled when the result is no longer needed.</param>
    internal ValueTask WriteAsync(
        Registry registry,
        IBufferWriter<byte> output,
        IReadOnlySet<string>? names,
        ScrapeSize size,
        Func<ValueTask> ready,
        CancellationToken cancellationToken) =>
        registry.WriteToAsync(CreateWriter(output, names, size), ready, cancellationToken);

    /// <summary>Returns the <see cref="ContentType"/>.</summary>
    public override string ToString() => ContentType;

    private bool IsText => !_mediaType.StartsWith("application/vnd", StringComparison.Ordinal);

    private IScrapeWriter CreateWriter(IBufferWriter<byte> output, IReadOnlySet<string>? names, ScrapeSize size)
    {
        var writer = CreateWriter(output, size);
        return names is null ? writer : new FilteringScrapeWriter(writer, names);
    }

    private IScrapeWriter CreateWriter(IBufferWriter<byte> output, ScrapeSize size)
    {
        ArgumentNullException.ThrowIfNull(output);
        return EscapingScrapeWriter.Of(_createWriter(output, size), Escaping);
    }
}
