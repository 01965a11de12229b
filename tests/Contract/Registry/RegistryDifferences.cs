namespace Instrumentator.Properties;

/// <summary>The differences of a registry implementation from our own in-memory storage. Each property is the reason,
/// or null where there is no difference.</summary>
/// <remarks>The contract checks each listed difference, and fails if the implementation does not have it.</remarks>
public sealed record RegistryDifferences
{
    /// <summary>Gets the reason why histograms and summaries leave out NaN. Ours count it, and their sum is NaN from
    /// then on.</summary>
    public string? LeavesOutNaN { get; init; }

    /// <summary>Gets the reason why names with a colon are refused.</summary>
    public string? RefusesColons { get; init; }

    /// <summary>Gets the reason why a family without series shows neither its labels nor its buckets.</summary>
    public string? HidesWhatHasNoSeries { get; init; }

    /// <summary>Gets the reason why a help text that consists of blanks becomes empty.</summary>
    public string? EmptiesBlankHelp { get; init; }

    /// <summary>Gets the reason why a counter stops at 2^53, where a double has no next whole number. Ours counts
    /// on.</summary>
    public string? StopsCountingAt2To53 { get; init; }

    /// <summary>Gets the reason why counters and histograms keep an exemplar of the current trace.</summary>
    public string? KeepsExemplars { get; init; }

    /// <summary>Gets all reasons that are not null.</summary>
    public IEnumerable<string> Reasons => new[]
    {
        LeavesOutNaN,
        RefusesColons,
        HidesWhatHasNoSeries,
        EmptiesBlankHelp,
        StopsCountingAt2To53,
        KeepsExemplars,
    }.OfType<string>();

    /// <summary>Returns a family as an implementation with these differences should show it.</summary>
    internal FamilySnapshot Seen(FamilySnapshot family)
    {
        var isBlank = EmptiesBlankHelp is not null
            && !family.Definition.Help.Contains('\n')
            && string.IsNullOrWhiteSpace(family.Definition.Help);
        var isHidden = HidesWhatHasNoSeries is not null && family.Samples.Count == 0;
        var definition = isBlank ? family.Definition with { Help = "" } : family.Definition;
        return family with { Definition = isHidden ? definition with { LabelNames = [], Buckets = [] } : definition };
    }
}
