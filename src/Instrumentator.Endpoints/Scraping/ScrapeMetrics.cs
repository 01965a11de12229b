using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>The scrapes of one registry, and its size, as families that the registry can show itself.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class ScrapeMetrics : IMetricCollector
{
    private static readonly ConditionalWeakTable<Registry, ScrapeMetrics> _all = [];

    private static readonly FamilyDefinition _duration = new(
        "instrumentator_scrape_duration_seconds", "Time from the request of a scrape until its answer was ready to be sent, in seconds.", MetricKind.Summary, [], []);

    private static readonly FamilyDefinition _size = new("instrumentator_scrape_size_bytes", "Size of the bodies of scrapes as they were sent, in bytes.", MetricKind.Summary, [], []);

    private static readonly FamilyDefinition _errors = new("instrumentator_scrape_errors_total", "Scrapes that were answered without metrics.", MetricKind.Counter, ["reason"], []);

    private static readonly FamilyDefinition _series = new(
        "instrumentator_registry_series", "Series that the registry keeps; a histogram is one.", MetricKind.Gauge, [], []);

    private static readonly FamilyDefinition _dropped = new(
        "instrumentator_registry_dropped_series_total", "Look-ups of label values that got no series of their own, as their family was full.", MetricKind.Counter, [], []);

    // Of its own: they stand at the end of the scrape, and no family of the app is in their way.
    private readonly Registry _own = new();
    private readonly Registry _registry;
    private readonly Summary _durations;
    private readonly Summary _sizes;

    private ScrapeMetrics(Registry registry)
    {
        _registry = registry;
        (_durations, _sizes) = (_own.Register<Summary>(_duration).With([]), _own.Register<Summary>(_size).With([]));
        var errors = _own.Register<Counter>(_errors);
        (Failed, TimedOut, Busy) = (errors.With("failed"), errors.With("timeout"), errors.With("busy"));
    }

    /// <summary>What all of them are: names that no family of the app can have.</summary>
    public static ValueList<FamilyDefinition> Definitions => [_duration, _size, _errors, _series, _dropped];

    /// <summary>Scrapes that could not be rendered.</summary>
    public Counter Failed { get; }

    /// <summary>Scrapes that were not rendered in time.</summary>
    public Counter TimedOut { get; }

    /// <summary>Scrapes that were one too many.</summary>
    public Counter Busy { get; }

    /// <summary>Those of a registry, at whichever endpoint it is scraped.</summary>
    public static ScrapeMetrics Of(Registry registry) => _all.GetValue(registry, static registry => new ScrapeMetrics(registry));

    /// <summary>A scrape that is ready to be sent.</summary>
    /// <param name="duration">How long that took.</param>
    /// <param name="bytes">The size of its body; null where none is sent.</param>
    public void Observe(TimeSpan duration, long? bytes)
    {
        _durations.Observe(duration.TotalSeconds);
        if (bytes is { } size)
            _sizes.Observe(size);
    }

    public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellation = default)
    {
        var scrapes = await _own.ScrapeAsync(cancellation).ConfigureAwait(false);
        var (series, dropped) = _registry.Count();
        return [.. scrapes.Families, Of(_series, new SampleValue.Gauge(series)), Of(_dropped, new SampleValue.Counter(dropped))];
    }

    private static FamilySnapshot Of(FamilyDefinition definition, SampleValue value) => new(definition, [new Sample(LabelSet.Empty, value)]);
}
