namespace Instrumentator;

/// <summary>A gauge that is always 1, and whose labels are what it tells.</summary>
/// <remarks>Equal ones are one: a registry includes them once.</remarks>
/// <param name="Name">The name, which ends in <c>_info</c>.</param>
/// <param name="Help">A description in one sentence.</param>
/// <param name="Labels">Names and values alternately.</param>
internal sealed record InfoCollector(string Name, string Help, ValueList<string> Labels) : IMetricCollector
{
    private readonly ValueList<FamilySnapshot> _families = [FamilyOf(Name, Help, Labels)];

    /// <summary>Returns the labels of texts by key, under names that are valid in Prometheus. Empty texts are left
    /// out.</summary>
    public static ValueList<string> LabelsOf(params IEnumerable<KeyValuePair<string, string?>> texts) =>
        TagLabels.Of([.. texts.Select(text => KeyValuePair.Create(text.Key, (object?)text.Value))], reserved: null);

    /// <inheritdoc/>
    public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(_families);

    private static FamilySnapshot FamilyOf(string name, string help, ValueList<string> labels)
    {
        var (names, values) = (TagLabels.NamesOf(labels), TagLabels.ValuesOf(labels));
        return new(
            new(name, help, MetricKind.Gauge, names, []),
            [new(new LabelSet(names, values), new SampleValue.Gauge(1))]);
    }
}
