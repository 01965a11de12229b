using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>Metrics of the scrapes and the size of one registry, which the registry can show itself.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class ScrapeMetrics : IMetricCollector
{
    private static readonly ConditionalWeakTable<Registry, ScrapeMetrics> _all = [];

    private static readonly FamilyDefinition _duration = new(
        "instrumentator_scrape_duration_seconds",
        "Time from the request of a scrape until its response was ready to be sent, in seconds.",
        MetricKind.Summary,
        [],
        []);

    private static readonly FamilyDefinition _size = new(
        "instrumentator_scrape_size_bytes",
        "Size of the response bodies of scrapes as sent, in bytes.",
        MetricKind.Summary,
        [],
        []);

    private static readonly FamilyDefinition _errors = new(
        "instrumentator_scrape_errors_total",
        "Scrapes whose response had no metrics.",
        MetricKind.Counter,
        ["reason"],
        []);

    private static readonly FamilyDefinition _series = new(
        "instrumentator_registry_series",
        "Number of series in the registry, without those of included collectors; a histogram is one series.",
        MetricKind.Gauge,
        [],
        []);

    // A separate registry: its families are last in the scrape, and no family of the app conflicts with them.
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

    /// <summary>Gets the definitions of all families, whose names no family of the app can have.</summary>
    public static ValueList<FamilyDefinition> Definitions => [_duration, _size, _errors, _series];

    /// <summary>Gets the counter of scrapes that could not be rendered.</summary>
    public Counter Failed { get; }

    /// <summary>Gets the counter of scrapes that were not rendered in time.</summary>
    public Counter TimedOut { get; }

    /// <summary>Gets the counter of scrapes that exceeded the limit of scrapes at once.</summary>
    public Counter Busy { get; }

    /// <summary>Returns the metrics of a registry, which are the same at every endpoint.</summary>
    public static ScrapeMetrics Of(Registry registry) =>
        _all.GetValue(registry, static registry => new ScrapeMetrics(registry));

    /// <summary>Records a scrape that is ready to be sent.</summary>
    /// <param name="duration">How long it took to get ready.</param>
    /// <param name="bytes">The size of the body; null when none is sent.</param>
    public void Observe(TimeSpan duration, long? bytes)
    {
        _durations.Observe(duration.TotalSeconds);
        if (bytes is { } size)
            _sizes.Observe(size);
    }

    public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default)
    {
        var scrapes = await _own.ScrapeAsync(cancellationToken).ConfigureAwait(false);
        var series = new SampleValue.Gauge(_registry.CountSeries());
        return [.. scrapes.Families, new FamilySnapshot(_series, [new Sample(LabelSet.Empty, series)])];
    }
}
