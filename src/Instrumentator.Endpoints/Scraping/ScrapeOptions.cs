namespace Instrumentator;

/// <summary>The options of the metrics endpoint.</summary>
/// <remarks>Immutable. Invalid values cause an <see cref="InvalidConfigException"/> when the endpoint is
/// mapped.</remarks>
/// <example><code>app.MapInstrumentator(options: new() { Gzip = true, MaxConcurrentScrapes = 4 });</code></example>
public sealed record ScrapeOptions
{
    private static readonly TimeSpan _longestTimeout = TimeSpan.FromDays(1);

    /// <summary>Gets the registry that the endpoint shows.</summary>
    /// <value>The default is null: the registry of the app's instrumentation.</value>
    public Registry? Registry { get; init; }

    /// <summary>Whether the response is compressed for a scraper that accepts gzip. A text below 128 bytes is never
    /// compressed: it would not become shorter.</summary>
    /// <value>The default is false.</value>
    /// <remarks>There is no other encoding: Prometheus requests only gzip, so no scrape would use the Brotli encoder of
    /// .NET.</remarks>
    public bool Gzip { get; init; }

    /// <summary>Whether scrapes are measured like any other request.</summary>
    /// <value>The default is false: the metrics are about the app, not about its scrapes.</value>
    public bool Measured { get; init; }

    /// <summary>Gets the time limit until a scrape is ready to be sent. After it, the response is 503, and a rendering
    /// that hangs is abandoned. The same limit applies to sending.</summary>
    /// <value>The default is 60 seconds; above 0, at most one day.</value>
    /// <remarks>A scraper that sends its own timeout, as Prometheus does in
    /// <c>X-Prometheus-Scrape-Timeout-Seconds</c>, can only shorten the limit.</remarks>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the maximum number of scrapes at once, including those that are still being sent. The response to
    /// any further scrape is 503, unless a reader takes its response too slowly and loses its connection: one that is a
    /// second behind the pace of 10 seconds for a whole response.</summary>
    /// <value>The default is 16; 1 or more.</value>
    /// <remarks>The same readers lose their connections if the renderings of a registry take more than 64 MiB together,
    /// or more than two renderings. Until enough memory is free, new renderings wait. Scrapes that request the same
    /// content at the same time are rendered once and share memory. A rendering that hangs goes on after its scrapers
    /// have left. Per registry, this number of renderings and four more can be unfinished; then the response is 503
    /// until one of them ends.</remarks>
    public int MaxConcurrentScrapes { get; init; } = 16;

    /// <summary>Gets the maximum size of the text of a scrape, in bytes, before compression. The response to a larger
    /// scrape is 500, and the exception in the log names the largest metric family.</summary>
    /// <value>The default is 256 MiB, 268,435,456 bytes; 1 or more.</value>
    /// <remarks>Beyond the limit, the memory is freed, and bytes are only counted, up to four times the limit. The
    /// limit applies to all formats and to included collectors, but not to the memory that these need
    /// themselves.</remarks>
    public long MaxBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Whether a scrape ends with metrics about the scrapes of its registry and the registry's size.</summary>
    /// <value>The default is false.</value>
    /// <remarks>
    /// The families are <c>instrumentator_scrape_duration_seconds</c> (until the response is ready to be sent),
    /// <c>instrumentator_scrape_size_bytes</c> (of bodies as sent), <c>instrumentator_scrape_errors_total</c> by
    /// <c>reason</c> (<c>failed</c>, <c>timeout</c>, <c>busy</c>), and <c>instrumentator_registry_series</c>. With the
    /// first scrape the families become part of the registry, and of everything else that shows it. Their names are
    /// reserved when the app starts: a family with such a name is then an error that shows both definitions. The metric
    /// <c>instrumentator_series_dropped_total</c> does not depend on this option.
    /// </remarks>
    public bool SelfMetrics { get; init; }

    /// <summary>Whether OpenMetrics text has a sample for the start time of each counter, histogram and summary, for
    /// example <c>http_requests_created</c>, in seconds since 1970 (UTC).</summary>
    /// <value>The default is false.</value>
    /// <remarks>With the start time, a server can tell that a series which it sees for the first time grew from 0. Turn
    /// it on for a Prometheus server of 3.0 or later that has the feature flag
    /// <c>created-timestamp-zero-ingestion</c>: every other one stores the samples as further series. The protobuf
    /// format, which such a server prefers, always has the start times; the text formats of Prometheus never
    /// have.</remarks>
    public bool CreatedSamples { get; init; }

    /// <summary>Returns the options themselves.</summary>
    /// <exception cref="InvalidConfigException">A value is invalid; the exception lists all errors.</exception>
    internal ScrapeOptions Checked()
    {
        InvalidConfigException.ThrowIfAny(Validate());
        return this;
    }

    /// <summary>Returns all errors, each with a way to correct it.</summary>
    internal IEnumerable<string> Validate()
    {
        if (Timeout <= TimeSpan.Zero || Timeout > _longestTimeout)
        {
            yield return FormattableString.Invariant($"ScrapeOptions.Timeout is {Timeout}, ")
                + "but must be above 0 and at most one day. The default is 60 seconds.";
        }
        if (MaxConcurrentScrapes < 1)
        {
            yield return FormattableString.Invariant($"ScrapeOptions.MaxConcurrentScrapes is {MaxConcurrentScrapes}, ")
                + "but must be 1 or more. "
                + "To have no metrics endpoint, remove MapInstrumentator.";
        }
        if (MaxBytes < 1)
        {
            yield return FormattableString.Invariant($"ScrapeOptions.MaxBytes is {MaxBytes}, ")
                + "but must be 1 or more. The default is 268435456.";
        }
    }
}
