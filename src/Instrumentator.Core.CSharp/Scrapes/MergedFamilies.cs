namespace Instrumentator;

/// <summary>The families of several sources as one scrape, in which a name is there once.</summary>
internal sealed class MergedFamilies
{
    private readonly Dictionary<string, FamilyDefinition> _names = new(StringComparer.Ordinal);
    private ValueList<FamilySnapshot>? _families;

    /// <summary>Adds what one source has.</summary>
    /// <exception cref="InvalidOperationException">A name is that of another source, too.</exception>
    public void Add(ValueList<FamilySnapshot> families)
    {
        if (_families is null)
        {
            // What a source has by itself is its own concern; most scrapes have one source.
            _families = families;
            return;
        }
        if (_names.Count == 0)
            Remember(_families);
        foreach (var definition in families.Select(family => family.Definition))
            ThrowIfTaken(definition);
        Remember(families);
        _families = [.. _families, .. families];
    }

    public Snapshot ToSnapshot() => new(_families ?? []);

    private void Remember(ValueList<FamilySnapshot> families)
    {
        foreach (var definition in families.Select(family => family.Definition))
        {
            foreach (var name in definition.SampleNames)
                _names.TryAdd(name, definition);
        }
    }

    private void ThrowIfTaken(FamilyDefinition definition)
    {
        foreach (var name in definition.SampleNames)
        {
            if (_names.TryGetValue(name, out var other))
            {
                throw new InvalidOperationException(
                    $"The name {name} is there twice in this scrape. Registered: {other}. Included: {definition}. Give one of them another name or a namespace, or remove one of them.");
            }
        }
    }
}
