namespace Instrumentator;

/// <summary>All cells of a registry at one moment. Immutable, compared by value.</summary>
/// <param name="Families">The families, in the order in which they were registered.</param>
public sealed record Snapshot(ValueList<FamilySnapshot> Families)
{
    /// <summary>The value of one series; null when there is no such series.</summary>
    /// <param name="name">The family's full name.</param>
    /// <param name="labelValues">A value for each label.</param>
    public SampleValue? Find(string name, params IReadOnlyList<string> labelValues) =>
        Families.FirstOrDefault(family => family.Definition.Name == name)
            ?.Samples.FirstOrDefault(sample => sample.Labels.Values.SequenceEqual(labelValues, StringComparer.Ordinal))
            ?.Value;
}

/// <summary>One family at one moment.</summary>
/// <param name="Definition">What the family is.</param>
/// <param name="Samples">Its series, in the order in which they were first used.</param>
public sealed record FamilySnapshot(FamilyDefinition Definition, ValueList<Sample> Samples);

/// <summary>One series at one moment.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Value">What its cell held.</param>
public sealed record Sample(LabelSet Labels, SampleValue Value);
