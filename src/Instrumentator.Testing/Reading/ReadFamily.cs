namespace Instrumentator.Testing;

/// <summary>A sample and its line.</summary>
internal sealed record ReadSample(ParsedSample Sample, SourceLine Line)
{
    public string Name => Sample.Name;

    public double Value => Sample.Value;

    /// <summary>Returns the labels as one text, except the label that the format itself writes. The order of the labels
    /// does not matter.</summary>
    public string LabelsWithout(string? own) => string.Concat(Sample.Labels
        .Where(label => label.Name != own)
        .OrderBy(label => label.Name, StringComparer.Ordinal)
        .Select(label => FormattableString.Invariant(
            $"|{label.Name.Length}:{label.Name}={label.Value.Length}:{label.Value}")));
}

/// <summary>A family during parsing.</summary>
internal sealed class ReadFamily(string name, SourceLine firstLine, Func<string, string[]> suffixesOf, string noType)
{
    public string Name => name;

    public SourceLine FirstLine => firstLine;

    public string? Help { get; private set; }

    public string? GivenType { get; private set; }

    public string? Unit { get; private set; }

    public string Type => GivenType ?? noType;

    public List<ReadSample> Samples { get; } = [];

    /// <summary>The names that its samples may have.</summary>
    public IEnumerable<string> SampleNames => suffixesOf(Type).Select(suffix => name + suffix);

    /// <summary>The label that the format itself writes, which does not belong to the series; null if there is
    /// none.</summary>
    public string? OwnLabel => Type switch
    {
        "histogram" or "gaugehistogram" => "le",
        "summary" => "quantile",
        "stateset" => name,
        _ => null
    };

    public bool Owns(string sample) => SampleNames.Contains(sample, StringComparer.Ordinal);

    /// <summary>Sets the help, type or unit from a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="keyword">The kind of line: HELP, TYPE or UNIT.</param>
    /// <param name="text">The content of the line.</param>
    public void Describe(SourceLine line, string keyword, string text)
    {
        var known = keyword switch { "HELP" => Help, "TYPE" => GivenType, _ => Unit };
        if (known is not null)
            throw line.Error($"{name} has a second {keyword}");
        if (Samples.Count > 0)
            throw line.Error($"The {keyword} of {name} comes after its first sample");
        if (keyword == "HELP")
            Help = text;
        else if (keyword == "TYPE")
            GivenType = text;
        else
            Unit = text;
    }

    public ParsedFamily ToParsed() =>
        new(name, Type, Help, Unit, ValueList.From(Samples.Select(read => read.Sample)))
        {
            IsTyped = GivenType is not null
        };
}
