namespace Instrumentator;

/// <summary>The families of a registry by each of their sample names, and the names that collectors have
/// reserved.</summary>
/// <remarks>Callers must hold the registry's lock.</remarks>
internal sealed class FamilyTable
{
    private readonly Dictionary<string, Family> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FamilyDefinition> _reserved = new(StringComparer.Ordinal);
    private readonly List<Family> _all = [];

    /// <summary>All families, in the order in which they were added.</summary>
    public IReadOnlyList<Family> All => _all;

    /// <summary>Returns the family with this name, or with samples of this name; null when there is none.</summary>
    public Family? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Returns the family with this definition; null when there is none.</summary>
    /// <exception cref="InvalidOperationException">One of its names is taken by another definition.</exception>
    public Family? Find(FamilyDefinition definition)
    {
        foreach (var name in definition.SampleNames)
        {
            if (_byName.TryGetValue(name, out var taken) && taken.Definition != definition)
                throw Taken(name, taken.Definition, definition);
            if (_reserved.TryGetValue(name, out var reserved))
                throw Taken(name, reserved, definition);
        }
        return _byName.GetValueOrDefault(definition.SampleNames.First());
    }

    /// <summary>Adds a family, unless the table contains it.</summary>
    public void Add(Family family)
    {
        if (_byName.TryGetValue(family.Definition.Name, out var known) && ReferenceEquals(known, family))
            return;
        foreach (var name in family.Definition.SampleNames)
            _byName[name] = family;
        _all.Add(family);
    }

    /// <summary>Reserves the names of families outside the registry. An equal definition may have them
    /// already.</summary>
    /// <exception cref="InvalidOperationException">Another family has one of these names.</exception>
    public void Reserve(IEnumerable<FamilyDefinition> definitions)
    {
        var names = definitions
            .SelectMany(one => one.SampleNames, (definition, name) => (Name: name, Definition: definition))
            .ToList();
        foreach (var (name, definition) in names)
        {
            if (_byName.TryGetValue(name, out var taken))
                throw Taken(name, taken.Definition, definition);
            if (_reserved.TryGetValue(name, out var reserved) && reserved != definition)
                throw Taken(name, reserved, definition);
        }
        foreach (var (name, definition) in names)
            _reserved[name] = definition;
    }

    /// <summary>Gives reserved names back.</summary>
    public void Release(FamilyDefinition definition)
    {
        foreach (var name in definition.SampleNames)
            _reserved.Remove(name);
    }

    /// <summary>Returns the error for a name that two definitions use.</summary>
    public static InvalidOperationException Taken(string name, FamilyDefinition registered, FamilyDefinition asked) =>
        new($"The name {name} is taken. Registered: {registered}. Requested: {asked}. "
            + "Rename one of them, or use another registry.");
}
