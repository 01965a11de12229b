namespace Instrumentator;

/// <summary>All cells of a registry at one moment. Immutable, compared by value.</summary>
/// <param name="Families">The families, in the order of their registration.</param>
public sealed record Snapshot(ValueList<FamilySnapshot> Families)
{
    /// <summary>Returns the value of one series; null when there is no such series.</summary>
    /// <param name="name">The family's full name.</param>
    /// <param name="labelValues">A value for each label.</param>
    public SampleValue? Find(string name, params IReadOnlyList<string> labelValues) =>
        Families.FirstOrDefault(family => family.Definition.Name == name)
            ?.Samples.FirstOrDefault(sample => sample.Labels.Values.SequenceEqual(labelValues, StringComparer.Ordinal))
            ?.Value;
}

/// <summary>One family at one moment.</summary>
/// <param name="Definition">The definition of the family.</param>
/// <param name="Samples">The series, in the order of their first use.</param>
public sealed record FamilySnapshot(FamilyDefinition Definition, ValueList<Sample> Samples);

/// <summary>One series at one moment.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Value">The value of its cell.</param>
public sealed record Sample(LabelSet Labels, SampleValue Value)
{
    /// <summary>Gets the time at which a counter, a histogram or a summary began to count, in seconds since 1970 (UTC);
    /// null if it is unknown.</summary>
    /// <remarks>Readers that see a series for the first time learn from it that the series grew from 0. The built-in
    /// backend takes the time when the series is added, by the system clock. Formats leave out a time before the year 1
    /// or after the year 9999, and that of a gauge. Two samples that differ only in it are equal, so that the same
    /// observations in two registries are.</remarks>
    public double? Created { get; init; }

    /// <inheritdoc/>
    public bool Equals(Sample? other) =>
        other is not null && Labels.Equals(other.Labels) && Value.Equals(other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Labels, Value);
}
