namespace Instrumentator;

/// <summary>What a family is: two equal definitions are one family.</summary>
/// <param name="Name">The full name; that of a counter ends in <c>_total</c>.</param>
/// <param name="Help">What is measured, in a sentence.</param>
/// <param name="Kind">The kind of its cells.</param>
/// <param name="LabelNames">The names of its labels, in the order in which values are given.</param>
/// <param name="Buckets">The upper bounds of a histogram's buckets, without <c>+Inf</c>; empty for other kinds, and where only <see cref="Native"/> ones are wanted.</param>
public sealed record FamilyDefinition(string Name, string Help, MetricKind Kind, ValueList<string> LabelNames, ValueList<double> Buckets)
{
    /// <summary>Returns all errors, each with the way to correct it; an empty list when it is valid.</summary>
    /// <param name="utf8Names">Whether names may be any text: see <see cref="Registry.AllowUtf8Names"/>.</param>
    public ValueList<string> Validate(bool utf8Names = false) => ValueList.From(
        Names.ErrorsOfMetric(WithoutTotal, utf8Names).Concat(Names.ErrorsOfLabels(Name, LabelNames, ReservedLabel, utf8Names))
            .Concat(Kind == MetricKind.Histogram ? BucketErrors : []));

    /// <summary>What the native buckets of a histogram are to be; null when it has none.</summary>
    public NativeBuckets? Native { get; init; }

    private IEnumerable<string> BucketErrors =>
        (Native is not null && Buckets.Count == 0 ? [] : Instrumentator.Buckets.Validate(Name, Buckets)).Concat(Native?.Validate(Name) ?? []);

    /// <summary>The label that the format itself writes on samples of this kind.</summary>
    internal string? ReservedLabel => Kind switch { MetricKind.Histogram => "le", MetricKind.Summary => "quantile", _ => null };

    /// <summary>Whether it is named as counters are. All of ours are; those of other libraries may not be.</summary>
    internal bool IsTotal => Kind == MetricKind.Counter && Name.EndsWith(Names.TotalSuffix, StringComparison.Ordinal);

    /// <summary>Its name in OpenMetrics: that of a counter is without the suffix, which only its samples have.</summary>
    internal string WithoutTotal => WithoutSuffix(Name);

    /// <summary>Every name that samples of this family can have in a scrape, its own first, as readers have them that cannot take any text: two that are one there are too alike.</summary>
    internal IEnumerable<string> SampleNames => Names.IsMetric(Name)
        ? NamesOfSamples(Name)
        : Names.Escapings.SelectMany(escaping => NamesOfSamples(EscapedName.OfMetric(Name, escaping))).Distinct(StringComparer.Ordinal);

    /// <summary>Every name that a reader may know it by, or one of its samples, whichever names it can take.</summary>
    internal IEnumerable<string> KnownNames => NamesOfSamples(Name).Concat(SampleNames);

    private IEnumerable<string> NamesOfSamples(string name) => Kind switch
    {
        MetricKind.Counter => [name, WithoutSuffix(name), WithoutSuffix(name) + "_created"],
        MetricKind.Histogram => [name, name + "_bucket", name + "_count", name + "_sum", name + "_created"],
        MetricKind.Summary => [name, name + "_count", name + "_sum", name + "_created"],
        _ => [name],
    };

    // No scheme changes the last letters.
    private string WithoutSuffix(string name) => IsTotal ? name[..^Names.TotalSuffix.Length] : name;

    /// <summary>In one line, for messages.</summary>
    public override string ToString() =>
        $"{Kind} {Name} \"{Help}\" with labels {LabelNames}{(Kind == MetricKind.Histogram ? $" and buckets {Buckets}" : "")}{(Native is { } native ? $" and {native}" : "")}";
}
