using System.Collections.Concurrent;
using Prometheus;

namespace Instrumentator;

/// <summary>Reads what a registry of prometheus-net has: what it would answer to a scrape, read back, as it has no other way to be seen.</summary>
internal sealed class CollectorReader(CollectorRegistry collectors)
{
    // By each name that their samples have.
    private readonly ConcurrentDictionary<string, FamilyDefinition> _ours = new(StringComparer.Ordinal);

    /// <summary>Remembers a family of ours, whose names then must be nobody else's.</summary>
    public void Expect(FamilyDefinition definition)
    {
        foreach (var name in definition.SampleNames)
            _ours[name] = definition;
    }

    /// <exception cref="InvalidOperationException">A family of ours has series of somebody else, with other labels.</exception>
    /// <inheritdoc cref="IMetricCollector.CollectAsync"/>
    public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellation)
    {
        using var text = new MemoryStream();
        await collectors.CollectAndExportAsTextAsync(text, Prometheus.ExpositionFormat.OpenMetricsText, cancellation).ConfigureAwait(false);
        var families = OpenMetricsReader.ReadDeclared(text.GetBuffer().AsSpan(0, (int)text.Length));
        foreach (var family in families)
            ThrowIfShared(family);
        return ValueList.From(families.Select(Known));
    }

    /// <summary>A summary of ours; zeros where an app removed it.</summary>
    public SampleValue.Summary FindSummary(FamilyDefinition definition, IReadOnlyList<string> values)
    {
#pragma warning disable RS0030, CA2012 // Who asks a cell for its value waits for it.
        var families = CollectAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
#pragma warning restore RS0030, CA2012
        return families.Where(family => family.Definition.Name == definition.Name).SelectMany(family => family.Samples)
            .Where(sample => sample.Labels.Values.Take(values.Count).SequenceEqual(values, StringComparer.Ordinal))
            .Select(sample => (SampleValue.Summary)sample.Value).FirstOrDefault(new SampleValue.Summary(0, 0));
    }

    // To prometheus-net the same name with other labels is another metric of the family, and names of samples are no concern, so it is no error when ours is registered.
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

    /// <summary>The labels of a series that is not ours, though its family's name is. Static labels of the registry stand behind those of the family.</summary>
    private ValueList<string>? FindForeign(FamilySnapshot family, FamilyDefinition ours)
    {
        var names = ValueList.From(ours.LabelNames.Concat(collectors.StaticLabels.Select(label => label.Key)));
        return family.Samples.Select(sample => sample.Labels.Names).FirstOrDefault(found => !found.Equals(names));
    }

    private static InvalidOperationException Shared(FamilyDefinition ours, string other) => new(
        $"The name {ours.Name} is there twice in prometheus-net's registry. Ours: {ours}. Another one: {other}. "
        + "Give one of them another name or a namespace, or remove one of them: UseHttpMetrics, for one.");

    // Its OpenMetrics calls a counter unknown whose name lacks _total; it has no other metric of an unknown kind.
    private static FamilySnapshot Known(FamilySnapshot family) => family.Definition.Kind != MetricKind.Unknown ? family : new FamilySnapshot(
        family.Definition with { Kind = MetricKind.Counter },
        ValueList.From(family.Samples.Select(sample => sample with { Value = new SampleValue.Counter(((SampleValue.Gauge)sample.Value).Value) })));
}
