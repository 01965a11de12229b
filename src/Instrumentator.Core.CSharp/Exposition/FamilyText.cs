using System.Text;

namespace Instrumentator;

/// <summary>The parts of a family's text that are the same in every scrape, built once and kept as long as the
/// definition.</summary>
/// <param name="metadata">The lines above the samples.</param>
/// <param name="family">The family.</param>
internal sealed class FamilyText(string metadata, FamilyDefinition family)
{
    public FamilyDefinition Definition => family;

    /// <summary>Whether the family is a counter with the suffix <c>_total</c>.</summary>
    public bool IsTotal { get; } = family.IsTotal;

    public byte[] Metadata { get; } = Encoding.UTF8.GetBytes(metadata);

    public SampleName Name { get; } = new(family.Name);

    public SampleName Bucket { get; } = new(family.Name + "_bucket");

    public SampleName Count { get; } = new(family.Name + "_count");

    public SampleName Sum { get; } = new(family.Name + "_sum");

    public SampleName Created { get; } = new(family.WithoutTotal + "_created");

    public LastLabel[] Buckets { get; } = BucketLabels(family.Buckets);

    public static LastLabel[] BucketLabels(ValueList<double> bounds) =>
        [.. bounds.Append(double.PositiveInfinity).Select(bound => new LastLabel("le", bound))];
}
