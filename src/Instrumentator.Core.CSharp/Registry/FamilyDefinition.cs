namespace Instrumentator;

/// <summary>What a family is: two equal definitions are one family.</summary>
/// <param name="Name">The full name; that of a counter ends in <c>_total</c>.</param>
/// <param name="Help">What is measured, in a sentence.</param>
/// <param name="Kind">The kind of its cells.</param>
/// <param name="LabelNames">The names of its labels, in the order in which values are given.</param>
/// <param name="Buckets">The upper bounds of a histogram's buckets, without <c>+Inf</c>; empty for other kinds.</param>
public sealed record FamilyDefinition(string Name, string Help, MetricKind Kind, ValueList<string> LabelNames, ValueList<double> Buckets)
{
    /// <summary>What is wrong with it, each with the way out; empty when nothing is.</summary>
    public ValueList<string> Faults() => ValueList.From(
        Names.FaultsOfMetric(WithoutTotal).Concat(Names.FaultsOfLabels(Name, LabelNames, ReservedLabel))
            .Concat(Kind == MetricKind.Histogram ? Instrumentator.Buckets.Faults(Name, Buckets) : []));

    /// <summary>The label that the format itself writes on samples of this kind.</summary>
    private string? ReservedLabel => Kind switch { MetricKind.Histogram => "le", MetricKind.Summary => "quantile", _ => null };

    /// <summary>Whether it is named as counters are. All of ours are; those of other libraries may not be.</summary>
    internal bool IsTotal => Kind == MetricKind.Counter && Name.EndsWith(Names.TotalSuffix, StringComparison.Ordinal);

    /// <summary>Its name in OpenMetrics: that of a counter is without the suffix, which only its samples have.</summary>
    internal string WithoutTotal => IsTotal ? Name[..^Names.TotalSuffix.Length] : Name;

    /// <summary>Every name that samples of this family can have in a scrape, its own first.</summary>
    internal IEnumerable<string> SampleNames => Kind switch
    {
        MetricKind.Counter => [Name, WithoutTotal, WithoutTotal + "_created"],
        MetricKind.Histogram => [Name, Name + "_bucket", Name + "_count", Name + "_sum", Name + "_created"],
        MetricKind.Summary => [Name, Name + "_count", Name + "_sum", Name + "_created"],
        _ => [Name],
    };

    /// <summary>In one line, for messages.</summary>
    public override string ToString() =>
        $"{Kind} {Name} \"{Help}\" with labels {LabelNames}{(Kind == MetricKind.Histogram ? $" and buckets {Buckets}" : "")}";
}
