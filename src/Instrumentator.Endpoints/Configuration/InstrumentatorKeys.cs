using static Instrumentator.ConfigurationValues;

namespace Instrumentator;

/// <summary>All that a section of the configuration can change.</summary>
/// <param name="Instrumentation">The instrumentation.</param>
/// <param name="Scrape">The options of metrics endpoints that are mapped without options.</param>
internal sealed record ConfiguredApp(Instrumentation Instrumentation, ScrapeOptions Scrape);

/// <summary>The keys of a section, as tables: the reader, the JSON schema and the tests of the documentation follow
/// them.</summary>
internal static class InstrumentatorKeys
{
    private static readonly ConfigurationKeys<Instrumentation> _instrumentation = new()
    {
        { RuleKeys.All, it => it.Config ?? Config.Default, (it, value) => it with { Config = value } },
        {
            nameof(Instrumentation.DefaultMetrics), MetricsKeys.DefaultMetrics,
            it => it.DefaultMetrics ?? new(), (it, value) => it with { DefaultMetrics = value }
        },
        {
            nameof(Instrumentation.SeriesLimits), new SeriesLimitsValue(),
            it => it.SeriesLimits ?? [], (it, value) => it with { SeriesLimits = value }
        },
    };

    private static readonly ConfigurationKeys<ScrapeOptions> _scrape = new()
    {
        { nameof(ScrapeOptions.Gzip), Flag, it => it.Gzip, (it, value) => it with { Gzip = value }, true },
        { nameof(ScrapeOptions.Measured), Flag, it => it.Measured, (it, value) => it with { Measured = value }, true },
        { nameof(ScrapeOptions.Timeout), Time, it => it.Timeout, (it, value) => it with { Timeout = value }, true },
        {
            nameof(ScrapeOptions.MaxConcurrentScrapes), Integer,
            it => it.MaxConcurrentScrapes, (it, value) => it with { MaxConcurrentScrapes = value }, true
        },
        {
            nameof(ScrapeOptions.MaxBytes), LongInteger,
            it => it.MaxBytes, (it, value) => it with { MaxBytes = value }, true
        },
        {
            nameof(ScrapeOptions.SelfMetrics), Flag,
            it => it.SelfMetrics, (it, value) => it with { SelfMetrics = value }, true
        },
        {
            nameof(ScrapeOptions.CreatedSamples), Flag,
            it => it.CreatedSamples, (it, value) => it with { CreatedSamples = value }, true
        },
    };

    /// <summary>Gets the keys of a whole section.</summary>
    public static ConfigurationKeys<ConfiguredApp> All { get; } = new()
    {
        { _instrumentation, it => it.Instrumentation, (it, value) => it with { Instrumentation = value } },
        { nameof(ConfiguredApp.Scrape), _scrape, it => it.Scrape, (it, value) => it with { Scrape = value } },
    };
}
