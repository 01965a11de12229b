using System.Collections.Concurrent;
using Prometheus;

namespace Instrumentator;

/// <summary>Reads a registry of prometheus-net by parsing its scrape, which is the only way to read it.</summary>
internal sealed class CollectorReader(CollectorRegistry collectors)
{
    // Keyed by each of a family's sample names.
    private readonly ConcurrentDictionary<string, FamilyDefinition> _ours = new(StringComparer.Ordinal);

    /// <summary>Adds a family of ours. No other family may have its sample names from then on.</summary>
    public void Expect(FamilyDefinition definition)
    {
        foreach (var name in definition.SampleNames)
            _ours[name] = definition;
    }

    /// <exception cref="InvalidOperationException">A family of ours shares its name with series of other code that have
    /// other labels.</exception>
    /// <inheritdoc cref="IMetricCollector.CollectAsync"/>
    public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        await collectors
            .CollectAndExportAsTextAsync(text, Prometheus.ExpositionFormat.OpenMetricsText, cancellationToken)
            .ConfigureAwait(false);
        var families = OpenMetricsReader.ReadDeclared(text.GetBuffer().AsSpan(0, (int)text.Length));
        foreach (var family in families)
            ThrowIfShared(family);
        return ValueList.From(families.Select(Known));
    }

    /// <summary>Returns the value of a summary of ours; zeros if the app removed it.</summary>
    public SampleValue.Summary FindSummary(FamilyDefinition definition, IReadOnlyList<string> values)
    {
#pragma warning disable RS0030, CA2012 // Reading a metric's value is synchronous, so the caller waits.
        var families = CollectAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
#pragma warning restore RS0030, CA2012
        return families.Where(family => family.Definition.Name == definition.Name).SelectMany(family => family.Samples)
            .Where(sample => sample.Labels.Values.Take(values.Count).SequenceEqual(values, StringComparer.Ordinal))
            .Select(sample => (SampleValue.Summary)sample.Value).FirstOrDefault(new SampleValue.Summary(0, 0));
    }

    // prometheus-net allows the same name with other labels, and ignores sample names. So no error occurs when our
    // family is registered.
    private void ThrowIfShared(FamilySnapshot family)
    {
        foreach (var name in family.Definition.SampleNames)
        {
            if (_ours.TryGetValue(name, out var ours) && ours.Name != family.Definition.Name)
                throw Shared(ours, family.Definition.ToString());
        }
        if (_ours.TryGetValue(family.Definition.Name, out var same) && FindForeign(family, same) is { } labels)
            throw Shared(same, $"{same.Kind} {same.Name} with labels {labels}");
    }

    /// <summary>Returns the labels of a series that is not ours although its family's name is. The registry's static
    /// labels follow the family's.</summary>
    private ValueList<string>? FindForeign(FamilySnapshot family, FamilyDefinition ours)
    {
        var names = ValueList.From(ours.LabelNames.Concat(collectors.StaticLabels.Select(label => label.Key)));
        return family.Samples.Select(sample => sample.Labels.Names).FirstOrDefault(found => !found.Equals(names));
    }

    private static InvalidOperationException Shared(FamilyDefinition ours, string other) => new(
        $"The name {ours.Name} occurs twice in prometheus-net's registry. Ours: {ours}. Another: {other}. "
        + "Rename one of them, give it a namespace, or remove it: for example, UseHttpMetrics.");

    // In OpenMetrics, prometheus-net writes a counter without _total as unknown. It has no other unknown metrics.
    private static FamilySnapshot Known(FamilySnapshot family) => family.Definition.Kind != MetricKind.Unknown
        ? family
        : new FamilySnapshot(
            family.Definition with { Kind = MetricKind.Counter },
            ValueList.From(family.Samples.Select(sample => sample with
            {
                Value = new SampleValue.Counter(((SampleValue.Gauge)sample.Value).Value)
            })));
}
