namespace Instrumentator;

/// <summary>The names in one scrape of several collectors. Each occurs once.</summary>
internal sealed class ScrapedNames
{
    private readonly Dictionary<string, FamilyDefinition> _names = new(StringComparer.Ordinal);

    /// <summary>Throws if two collectors use the same name.</summary>
    /// <param name="own">The families of the built-in backend.</param>
    /// <param name="read">The families of each other collector.</param>
    /// <exception cref="InvalidOperationException">Two collectors use the same name.</exception>
    public static void ThrowIfClash(CellFamily[] own, List<ValueList<FamilySnapshot>> read)
    {
        // CollectorRules checks the names within one collector, and most scrapes have one collector.
        if (read.Count + Math.Min(own.Length, 1) < 2)
            return;
        var names = new ScrapedNames();
        names.Add(Array.ConvertAll(own, family => family.Definition));
        foreach (var families in read)
            names.Add(families);
    }

    /// <summary>Adds the names of one collector. Ignores duplicates within it.</summary>
    /// <exception cref="InvalidOperationException">Another collector uses one of the names.</exception>
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
    public void Add(ValueList<FamilySnapshot> families) =>
        Add(Array.ConvertAll(families.Span.ToArray(), family => family.Definition));

    private void ThrowIfTaken(FamilyDefinition definition)
    {
        foreach (var name in definition.SampleNames)
        {
            if (_names.TryGetValue(name, out var other))
            {
                throw new InvalidOperationException(
                    $"The name {name} occurs twice in this scrape. Registered: {other}. Included: {definition}. "
                    + "Rename one of them, give it a namespace, or remove it.");
            }
        }
    }
}
