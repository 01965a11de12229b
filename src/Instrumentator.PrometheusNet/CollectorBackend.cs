using System.Runtime.CompilerServices;
using Prometheus;

namespace Instrumentator;

/// <summary>Stores our metrics in a registry of prometheus-net, and collects that registry for scrapes.</summary>
internal sealed class CollectorBackend : IMetricBackend
{
    private static readonly ConditionalWeakTable<CollectorRegistry, CollectorBackend> _known = [];

    private readonly CollectorRegistry _collectors;
    private readonly MetricFactory _factory;
    private readonly CollectorReader _reader;

    private CollectorBackend(CollectorRegistry collectors)
    {
        (_collectors, _reader) = (collectors, new CollectorReader(collectors));

        // Apps configure exemplars on the default factory.
        _factory = ReferenceEquals(collectors, Prometheus.Metrics.DefaultRegistry)
            ? Prometheus.Metrics.DefaultFactory
            : Prometheus.Metrics.WithCustomRegistry(collectors);
        Registry = new Registry(this);
    }

    /// <summary>Gets the one registry over this backend, so that each name has one definition.</summary>
    public Registry Registry { get; }

    public static CollectorBackend Of(CollectorRegistry collectors) =>
        _known.GetValue(collectors, static one => new CollectorBackend(one));

    public Func<IReadOnlyList<string>, Counter> CreateCounter(FamilyDefinition definition)
    {
        var collector = Create(definition, (name, help, labels) => _factory.CreateCounter(name, help, labels));
        return values => new CounterChild(collector.WithLabels([.. values]));
    }

    public Func<IReadOnlyList<string>, Gauge> CreateGauge(FamilyDefinition definition)
    {
        var collector = Create(definition, (name, help, labels) => _factory.CreateGauge(name, help, labels));
        return values => new GaugeChild(collector.WithLabels([.. values]));
    }

    public Func<IReadOnlyList<string>, Histogram> CreateHistogram(FamilyDefinition definition)
    {
        if (definition.Buckets.Count == 0)
        {
            throw new InvalidOperationException(
                $"prometheus-net has no native histograms, and this histogram has no classic buckets: {definition}. "
                + "Add classic buckets, or use a registry with the built-in backend.");
        }
        var buckets = new HistogramConfiguration { Buckets = [.. definition.Buckets] };
        var collector = Create(
            definition, (name, help, labels) => _factory.CreateHistogram(name, help, labels, buckets));
        return values => new HistogramChild(collector.WithLabels([.. values]));
    }

    public Func<IReadOnlyList<string>, Summary> CreateSummary(FamilyDefinition definition)
    {
        var collector = Create(definition, (name, help, labels) => _factory.CreateSummary(name, help, labels));
        return values => new SummaryChild(
            collector.WithLabels([.. values]), () => _reader.FindSummary(definition, values));
    }

    /// <inheritdoc/>
    public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
        _reader.CollectAsync(cancellationToken);

    private TCollector Create<TCollector>(
        FamilyDefinition definition, Func<string, string, string[], TCollector> create)
        where TCollector : Collector
    {
        ThrowIfAnyIsStatic(definition);

        // prometheus-net does not escape help texts, so a line break would end the line.
        var help = Escaping.HelpText(definition.Help);
        var collector = Try(definition, () => create(definition.Name, help, [.. definition.LabelNames]));

        // The factory returns any collector with the name and the labels. Another help text shows that other code
        // created it and records in it.
        if (collector.Help != help)
        {
            throw Taken(
                definition,
                $"{definition.Kind} {definition.Name} \"{collector.Help}\" with labels {definition.LabelNames}");
        }
        _reader.Expect(definition);
        return collector;
    }

    // prometheus-net throws the same exception for a static label and for a name that is taken.
    private void ThrowIfAnyIsStatic(FamilyDefinition definition) => InvalidConfigException.ThrowIfAny(
        definition.LabelNames
            .Intersect(_collectors.StaticLabels.Select(label => label.Key), StringComparer.Ordinal)
            .Select(name =>
                $"The label name \"{name}\" of {definition.Name} is that of a static label "
                + "of prometheus-net's registry: use another name."));

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
            throw new InvalidConfigException($"prometheus-net rejected {definition}: {e.Message}", e);
        }
    }

    private static InvalidOperationException Taken(
        FamilyDefinition definition, string registered, Exception? cause = null) => new(
        $"The name {definition.Name} is taken in prometheus-net's registry. "
        + $"Registered: {registered}. Requested: {definition}. "
        + "Rename one of them, give it a namespace, or remove it: "
        + "UseHttpMetrics, for example, has metrics with the names of Presets.PrometheusNet.",
        cause);
}
