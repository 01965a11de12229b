namespace Instrumentator.Properties;

/// <summary>What an implementation of the registry does otherwise than memory of our own: for each the reason, or null where it does not differ.</summary>
/// <remarks>A listed difference is checked as such: one that is none fails.</remarks>
public sealed record RegistryDifferences
{
    /// <summary>Histograms and summaries leave out NaN; ours count it, and their sum is NaN from then on.</summary>
    public string? LeavesOutNaN { get; init; }

    /// <summary>Names with a colon are refused.</summary>
    public string? RefusesColons { get; init; }

    /// <summary>A family without series shows neither its labels nor its buckets.</summary>
    public string? HidesWhatHasNoSeries { get; init; }

    /// <summary>A help text of nothing but blanks is empty.</summary>
    public string? EmptiesBlankHelp { get; init; }

    /// <summary>A counter stays where a double has no next whole number; ours counts on.</summary>
    public string? StopsCountingAt2To53 { get; init; }

    /// <summary>Counters and histograms keep an exemplar of the current trace.</summary>
    public string? KeepsExemplars { get; init; }

    /// <summary>Every reason that is there.</summary>
    public IEnumerable<string> Reasons =>
        new[] { LeavesOutNaN, RefusesColons, HidesWhatHasNoSeries, EmptiesBlankHelp, StopsCountingAt2To53, KeepsExemplars }.OfType<string>();

    /// <summary>A family as such an implementation should show it.</summary>
    internal FamilySnapshot Seen(FamilySnapshot family)
    {
        var isBlank = EmptiesBlankHelp is not null && !family.Definition.Help.Contains('\n') && string.IsNullOrWhiteSpace(family.Definition.Help);
        var isHidden = HidesWhatHasNoSeries is not null && family.Samples.Count == 0;
        var definition = isBlank ? family.Definition with { Help = "" } : family.Definition;
        return family with { Definition = isHidden ? definition with { LabelNames = [], Buckets = [] } : definition };
    }
}
