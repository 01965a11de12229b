namespace Instrumentator;

/// <summary>Labels with the same values on every series of a registry, those of included collectors included.</summary>
internal sealed class StaticLabels
{
    private readonly ValueList<string> _names;

    /// <summary>Creates the labels of a registry. Their values are cut and cleaned as all label values are.</summary>
    public StaticLabels(ValueList<Label> labels)
    {
        _names = ValueList.From(labels.Select(label => label.Name));
        Values = ValueList.From(LabelValues.Clean([.. labels.Select(label => label.Value)]));
    }

    /// <summary>Gets the value of each label, which follow those of a series.</summary>
    public ValueList<string> Values { get; }

    /// <summary>Returns all errors, each with a way to correct it. Only plain names are valid: collectors' families
    /// do not name these labels.</summary>
    public IEnumerable<string> Validate() =>
        Names.ErrorsOfLabels("the registry's StaticLabels", _names, reserved: null);

    /// <summary>Returns an error for each label that a family has as well, with a way to correct it.</summary>
    public IEnumerable<string> Validate(FamilyDefinition family) => family.LabelNames
        .Intersect(_names, StringComparer.Ordinal)
        .Select(name => $"The label name \"{name}\" of {family.Name} is that of a static label of the registry: "
            + "use another name, or remove the static label.");

    /// <summary>Returns a definition with these labels after its own.</summary>
    public FamilyDefinition AddTo(FamilyDefinition family) =>
        _names.Count == 0 ? family : family with { LabelNames = [.. family.LabelNames, .. _names] };

    /// <summary>Returns a collector's families with these labels. A series that has a label of the same name keeps its
    /// own.</summary>
    public ValueList<FamilySnapshot> AddTo(ValueList<FamilySnapshot> families) => _names.Count == 0
        ? families
        : ValueList.From(families.Select(family => family with
        {
            Samples = ValueList.From(family.Samples.Select(sample => sample with { Labels = AddTo(sample.Labels) })),
        }));

    private LabelSet AddTo(LabelSet labels)
    {
        var missing = _names.Zip(Values)
            .Where(label => !labels.Names.Contains(label.First, StringComparer.Ordinal))
            .ToArray();
        return new LabelSet(
            [.. labels.Names, .. missing.Select(label => label.First)],
            [.. labels.Values, .. missing.Select(label => label.Second)]);
    }
}
