namespace Instrumentator.Testing;

/// <summary>The families of a text during parsing. All lines of a family must be together.</summary>
/// <param name="suffixesOf">The suffixes that a type adds to the names of its samples.</param>
/// <param name="noType">The type of a family without a TYPE line.</param>
internal sealed class ReadFamilies(Func<string, string[]> suffixesOf, string noType)
{
    private readonly List<ReadFamily> _families = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public IEnumerable<ReadFamily> All => _families;

    /// <summary>Returns the family that a line describes: the last one, or a new one.</summary>
    public ReadFamily Named(string name, SourceLine line) =>
        _families is [.., var last] && last.Name == name ? last : Add(name, line);

    /// <summary>Returns the family of a sample: the last one, or a new one without a type.</summary>
    public ReadFamily OfSample(string name, SourceLine line)
    {
        if (_families is not [.., var last])
            return Add(name, line);
        if (!last.Owns(name) && last.Name == name)
        {
            throw line.Error($"The {last.Type} {name} has no sample of that name. "
                + $"Its samples are {string.Join(", ", last.SampleNames)}");
        }
        return last.Owns(name) ? last : Add(name, line);
    }

    public ParsedScrape ToScrape() => new(ValueList.From(_families.Select(family => family.ToParsed())));

    private ReadFamily Add(string name, SourceLine line)
    {
        if (!_names.Add(name))
            throw line.Error($"The lines of {name} are not all together");
        if (_families.Find(family => family.Owns(name)) is { } owner)
            throw line.Error($"{name} is already a sample name of the {owner.Type} {owner.Name}");
        _families.Add(new ReadFamily(name, line, suffixesOf, noType));
        return _families[^1];
    }
}
