using System.Runtime.CompilerServices;
using Prometheus;

namespace Instrumentator;

/// <summary>A registry of prometheus-net as what keeps our numbers, and as what a scrape shows.</summary>
internal sealed class CollectorBackend : IMetricBackend
{
    private static readonly ConditionalWeakTable<CollectorRegistry, CollectorBackend> _known = [];

    private readonly CollectorRegistry _collectors;
    private readonly MetricFactory _factory;

    private CollectorBackend(CollectorRegistry collectors)
    {
        _collectors = collectors;

        // What an app says of exemplars, it says to the default factory.
        _factory = ReferenceEquals(collectors, Prometheus.Metrics.DefaultRegistry) ? Prometheus.Metrics.DefaultFactory : Prometheus.Metrics.WithCustomRegistry(collectors);
        Registry = new Registry(this);
    }

    /// <summary>The one registry over it: so a name has one definition, whoever asks for it.</summary>
    public Registry Registry { get; }

    public static CollectorBackend Of(CollectorRegistry collectors) => _known.GetValue(collectors, static one => new CollectorBackend(one));

    public Func<IReadOnlyList<string>, Counter> Counter(FamilyDefinition definition)
    {
        var collector = Create(definition, (name, help, labels) => _factory.CreateCounter(name, help, labels));
        return values => new CounterChild(collector.WithLabels([.. values]));
    }

    public Func<IReadOnlyList<string>, Gauge> Gauge(FamilyDefinition definition)
    {
        var collector = Create(definition, (name, help, labels) => _factory.CreateGauge(name, help, labels));
        return values => new GaugeChild(collector.WithLabels([.. values]));
    }

    public Func<IReadOnlyList<string>, Histogram> Histogram(FamilyDefinition definition)
    {
        var buckets = new HistogramConfiguration { Buckets = [.. definition.Buckets] };
        var collector = Create(definition, (name, help, labels) => _factory.CreateHistogram(name, help, labels, buckets));
        return values => new HistogramChild(collector.WithLabels([.. values]));
    }

    public Func<IReadOnlyList<string>, Summary> Summary(FamilyDefinition definition)
    {
        var collector = Create(definition, (name, help, labels) => _factory.CreateSummary(name, help, labels));
        return values => new SummaryChild(collector.WithLabels([.. values]), () => FindSummary(definition.Name, values));
    }

    /// <summary>What prometheus-net would answer to a scrape, read back: it has no other way to see a registry's metrics.</summary>
    public async ValueTask<ValueList<FamilySnapshot>> ReadAsync(CancellationToken cancellation = default)
    {
        using var text = new MemoryStream();
        await _collectors.CollectAndExportAsTextAsync(text, Prometheus.ExpositionFormat.OpenMetricsText, cancellation).ConfigureAwait(false);
        return ValueList.From(OpenMetricsReader.Read(text.GetBuffer().AsSpan(0, (int)text.Length)).Select(Known));
    }

    // Its OpenMetrics calls a counter unknown whose name lacks _total; it has no other metric of an unknown kind.
    private static FamilySnapshot Known(FamilySnapshot family) => family.Definition.Kind != MetricKind.Unknown ? family : new FamilySnapshot(
        family.Definition with { Kind = MetricKind.Counter },
        ValueList.From(family.Samples.Select(sample => sample with { Value = new SampleValue.Counter(((SampleValue.Gauge)sample.Value).Value) })));

    private TCollector Create<TCollector>(FamilyDefinition definition, Func<string, string, string[], TCollector> create)
        where TCollector : Collector
    {
        ThrowIfAnyIsStatic(definition);

        // It writes help texts as they are, so a line break would end the line.
        var help = Escaping.HelpText(definition.Help);
        var collector = Try(definition, () => create(definition.Name, help, [.. definition.LabelNames]));

        // It gives whatever has the name and the labels. Another help text tells that somebody else made it, and counts in it.
        return collector.Help == help ? collector : throw Taken(definition, $"{definition.Kind} {definition.Name} \"{collector.Help}\" with labels {definition.LabelNames}");
    }

    // It says so with the same exception as that a name is taken.
    private void ThrowIfAnyIsStatic(FamilyDefinition definition) => InvalidConfigException.ThrowIfAny(
        definition.LabelNames.Intersect(_collectors.StaticLabels.Select(label => label.Key), StringComparer.Ordinal).Select(
            name => $"The label name \"{name}\" of {definition.Name} is that of a static label of prometheus-net's registry: use another one."));

    private static TCollector Try<TCollector>(FamilyDefinition definition, Func<TCollector> create)
    {
        try
        {
            return create();
        }
        catch (InvalidOperationException e)
        {
            throw Taken(definition, $"a metric {definition.Name} of another kind", e);
        }
        catch (ArgumentException e)
        {
            throw new InvalidConfigException($"prometheus-net refuses {definition}: {e.Message}", e);
        }
    }

    private static InvalidOperationException Taken(FamilyDefinition definition, string registered, Exception? cause = null) => new(
        $"The name {definition.Name} is taken in prometheus-net's registry. Registered: {registered}. Now asked for: {definition}. "
        + "Give one of them another name or a namespace, or remove one of them: UseHttpMetrics, for one, has metrics of the same names as Presets.PrometheusNet.",
        cause);

    private SampleValue.Summary FindSummary(string name, IReadOnlyList<string> values)
    {
        // Static labels of the registry stand behind those of the family.
        var family = Registry.Scrape().Families.First(family => family.Definition.Name == name);
        return (SampleValue.Summary)family.Samples.First(sample => sample.Labels.Values.Take(values.Count).SequenceEqual(values, StringComparer.Ordinal)).Value;
    }
}
