namespace Instrumentator;

/// <summary>The names of one scrape, which comes from several collectors: each is there once.</summary>
internal sealed class ScrapedNames
{
    private readonly Dictionary<string, FamilyDefinition> _names = new(StringComparer.Ordinal);

    /// <summary>Throws if two collectors have a name.</summary>
    /// <param name="own">The families of our own cells.</param>
    /// <param name="read">The families of each other collector.</param>
    /// <exception cref="InvalidOperationException">A name is there twice.</exception>
    public static void ThrowIfClash(CellFamily[] own, List<ValueList<FamilySnapshot>> read)
    {
        // What one collector has by itself is its own concern, and most scrapes have one collector.
        if (read.Count + Math.Min(own.Length, 1) < 2)
            return;
        var names = new ScrapedNames();
        names.Add(Array.ConvertAll(own, family => family.Definition));
        foreach (var families in read)
            names.Add(families);
    }

    /// <summary>Adds those of one collector. What it has by itself is its own concern.</summary>
    /// <exception cref="InvalidOperationException">A name is that of another collector, too.</exception>
    public void Add(IReadOnlyCollection<FamilyDefinition> definitions)
    {
        foreach (var definition in definitions)
            ThrowIfTaken(definition);
        foreach (var definition in definitions)
        {
            foreach (var name in definition.SampleNames)
                _names.TryAdd(name, definition);
        }
    }

    /// <inheritdoc cref="Add(IReadOnlyCollection{FamilyDefinition})"/>
    public void Add(ValueList<FamilySnapshot> families) => Add(Array.ConvertAll(families.Span.ToArray(), family => family.Definition));

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
