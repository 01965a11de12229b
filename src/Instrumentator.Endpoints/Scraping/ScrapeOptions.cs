namespace Instrumentator;

/// <summary>What the metrics endpoint lets one choose.</summary>
/// <remarks>Immutable. Values that cannot work are an <see cref="InvalidConfigException"/> when the endpoint is mapped.</remarks>
/// <example><code>app.MapInstrumentator(options: new() { Gzip = true, MaxConcurrentScrapes = 4 });</code></example>
public sealed record ScrapeOptions
{
    private static readonly TimeSpan _longestTimeout = TimeSpan.FromDays(1);

    /// <summary>Which registry is shown.</summary>
    /// <value>The default is null: that of the app's instrumentation.</value>
    public Registry? Registry { get; init; }

    /// <summary>Whether the answer is compressed for a reader that accepts gzip. A text below 128 bytes never is: it would not become shorter.</summary>
    /// <value>The default is false.</value>
    /// <remarks>There is no other encoding: Prometheus asks for gzip only, so Brotli, which .NET has, would be code that no scrape runs.</remarks>
    public bool Gzip { get; init; }

    /// <summary>Whether scrapes are measured like any other request.</summary>
    /// <value>The default is false: the metrics are about the app and not about who reads them.</value>
    public bool Measured { get; init; }

    /// <summary>How long a scrape may take until it is ready to be sent. Then it is answered with 503, and what hangs is left to itself. So long may it also take to be sent.</summary>
    /// <value>The default is 60 seconds; above 0, one day at the most.</value>
    /// <remarks>A reader that says how long it waits itself, as Prometheus does in <c>X-Prometheus-Scrape-Timeout-Seconds</c>, can only make it shorter.</remarks>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many scrapes are answered at once, those included that are still being sent. One more is answered with 503.</summary>
    /// <value>The default is 16; 1 or more.</value>
    /// <remarks>Those that ask for the same at the same time are rendered once, and share its memory. Of one registry, four renderings more may go on that hang and that nobody waits for any more;
    /// after that, scrapes are answered with 503 until one of them ends.</remarks>
    public int MaxConcurrentScrapes { get; init; } = 16;

    /// <summary>Whether a scrape shows at its end how scrapes of its registry fare, and how large the registry is.</summary>
    /// <value>The default is false.</value>
    /// <remarks>
    /// The families are <c>instrumentator_scrape_duration_seconds</c> (until the answer is ready to be sent), <c>instrumentator_scrape_size_bytes</c> (of bodies
    /// as they are sent), <c>instrumentator_scrape_errors_total</c> by <c>reason</c> (<c>failed</c>, <c>timeout</c>, <c>busy</c>), <c>instrumentator_registry_series</c>, and
    /// <c>instrumentator_registry_dropped_series_total</c>: look-ups of label values that got no series of their own, as their family was full. It is the sum of what
    /// <c>instrumentator_series_dropped_total</c> counts by <c>metric</c>, which is there by itself where there is any; but it is there at 0, too. With the first scrape they become part of the
    /// registry, and of whatever else shows it. Their names are taken when the app starts: a family with such a name is then an error that shows both definitions.
    /// </remarks>
    public bool SelfMetrics { get; init; }

    /// <summary>Itself.</summary>
    /// <exception cref="InvalidConfigException">A value cannot work; the exception lists all errors.</exception>
    internal ScrapeOptions Checked()
    {
        InvalidConfigException.ThrowIfAny(Validate());
        return this;
    }

    private IEnumerable<string> Validate()
    {
        if (Timeout <= TimeSpan.Zero || Timeout > _longestTimeout)
            yield return FormattableString.Invariant($"ScrapeOptions.Timeout is {Timeout}, but must be above 0 and one day at the most. The default is 60 seconds.");
        if (MaxConcurrentScrapes < 1)
            yield return FormattableString.Invariant($"ScrapeOptions.MaxConcurrentScrapes is {MaxConcurrentScrapes}, but at least 1 scrape must be answered. For no metrics endpoint at all, leave out MapInstrumentator.");
    }
}
