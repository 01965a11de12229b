namespace Instrumentator;

/// <summary>The definition of a family. Equal definitions denote the same family.</summary>
/// <param name="Name">The full name. The name of a counter ends in <c>_total</c>.</param>
/// <param name="Help">A description in one sentence.</param>
/// <param name="Kind">The kind of metric.</param>
/// <param name="LabelNames">The label names, in the order of the label values.</param>
/// <param name="Buckets">The upper bounds of a histogram's buckets, without <c>+Inf</c>. Empty for other kinds, and for
/// histograms with only <see cref="Native"/> buckets.</param>
public sealed record FamilyDefinition(
    string Name,
    string Help,
    MetricKind Kind,
    ValueList<string> LabelNames,
    ValueList<double> Buckets)
{
    /// <summary>Returns all errors, each with a correction; an empty list if the definition is valid.</summary>
    /// <param name="utf8Names">Whether names may contain any text: see <see cref="Registry.AllowUtf8Names"/>.</param>
    public ValueList<string> Validate(bool utf8Names = false) => ValueList.From(Validate(utf8Names, Name));

    /// <summary>Returns all errors. Those of labels and native buckets, which families may share, name the
    /// owner.</summary>
    internal IEnumerable<string> Validate(bool utf8Names, string owner) =>
        Names.ErrorsOfMetric(WithoutTotal, utf8Names)
            .Concat(Names.ErrorsOfLabels(owner, LabelNames, ReservedLabel, utf8Names))
            .Concat(Kind == MetricKind.Histogram ? BucketErrors(owner) : []);

    /// <summary>Gets the settings of a histogram's native buckets; null if it has none.</summary>
    public NativeBuckets? Native { get; init; }

    private IEnumerable<string> BucketErrors(string owner) =>
        (Native is not null && Buckets.Count == 0 ? [] : Instrumentator.Buckets.Validate(Name, Buckets))
            .Concat(Native?.Validate(owner) ?? []);

    /// <summary>The label that the format itself adds to samples of this kind.</summary>
    internal string? ReservedLabel =>
        Kind switch { MetricKind.Histogram => "le", MetricKind.Summary => "quantile", _ => null };

    /// <summary>Whether this is a counter with the <c>_total</c> suffix, which counters of other libraries
    /// may lack.</summary>
    internal bool IsTotal => Kind == MetricKind.Counter && Name.EndsWith(Names.TotalSuffix, StringComparison.Ordinal);

    /// <summary>The name in OpenMetrics, where only the samples of a counter have the suffix.</summary>
    internal string WithoutTotal => WithoutSuffix(Name);

    /// <summary>Every name that samples of this family can have in a scrape, its own first, escaped for readers that do
    /// not support UTF-8 names: names that are equal after escaping clash.</summary>
    internal IEnumerable<string> SampleNames => Escaped(NamesOfSamples);

    /// <summary>The <see cref="SampleNames"/> that lines of a scrape begin with; the others are reserved.</summary>
    internal IEnumerable<string> LineNames => Escaped(NamesOfLines);

    /// <summary>The names of the samples with start times, which only some formats have.</summary>
    internal IEnumerable<string> CreatedNames =>
        Kind is MetricKind.Counter or MetricKind.Histogram or MetricKind.Summary
            ? Escaped(name => [NameOfCreated(name)])
            : [];

    /// <summary>Every name of the family and its samples for any reader, escaped or not.</summary>
    internal IEnumerable<string> KnownNames => NamesOfSamples(Name).Concat(SampleNames);

    private IEnumerable<string> NamesOfSamples(string name) => Kind switch
    {
        MetricKind.Counter => [name, WithoutSuffix(name), NameOfCreated(name)],
        MetricKind.Histogram or MetricKind.Summary => [.. NamesOfLines(name), NameOfCreated(name)],
        _ => [name],
    };

    private IEnumerable<string> NamesOfLines(string name) => Kind switch
    {
        MetricKind.Histogram => [name, name + "_bucket", name + "_count", name + "_sum"],
        MetricKind.Summary => [name, name + "_count", name + "_sum"],
        _ => [name],
    };

    private IEnumerable<string> Escaped(Func<string, IEnumerable<string>> namesOf) => Names.IsMetric(Name)
        ? namesOf(Name)
        : Names.Escapings
            .SelectMany(escaping => namesOf(EscapedName.OfMetric(Name, escaping)))
            .Distinct(StringComparer.Ordinal);

    private string NameOfCreated(string name) => WithoutSuffix(name) + "_created";

    // No escaping scheme changes the suffix.
    private string WithoutSuffix(string name) => IsTotal ? name[..^Names.TotalSuffix.Length] : name;

    /// <summary>Returns the definition in one line, for messages.</summary>
    public override string ToString() =>
        $"{Kind} {Name} \"{Help}\" "
        + $"with labels {LabelNames}{(Kind == MetricKind.Histogram ? $" and buckets {Buckets}" : "")}"
        + $"{(Native is { } native ? $" and {native}" : "")}";
}
