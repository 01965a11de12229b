using System.Text;

namespace Instrumentator;

/// <summary>What a format writes of a family again and again: made once, and kept as long as its definition is.</summary>
/// <param name="metadata">The lines above its samples.</param>
/// <param name="family">The family.</param>
internal sealed class FamilyText(string metadata, FamilyDefinition family)
{
    public FamilyDefinition Definition => family;

    /// <summary>Whether its samples are named as totals.</summary>
    public bool IsTotal { get; } = family.IsTotal;

    public byte[] Metadata { get; } = Encoding.UTF8.GetBytes(metadata);

    public SampleName Name { get; } = new(family.Name);

    public SampleName Bucket { get; } = new(family.Name + "_bucket");

    public SampleName Count { get; } = new(family.Name + "_count");

    public SampleName Sum { get; } = new(family.Name + "_sum");

    public LastLabel[] Buckets { get; } = BucketLabels(family.Buckets);

    public static LastLabel[] BucketLabels(ValueList<double> bounds) => [.. bounds.Append(double.PositiveInfinity).Select(bound => new LastLabel("le", bound))];
}
